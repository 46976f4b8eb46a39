//! The test bench: servers and browsers for one test, and the rules that hold in every one.

use crate::blog::Blog;
use crate::browser::Browser;
use crate::folder;
use crate::keep;
use crate::outcome::{Outcome, fault};
use crate::passing::Passing;
use crate::site::{SUB_PATH, Site};
use crate::tool::Tool;
use crate::visit::{Look, Visit};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// All flows are run by one, for browsers go on from flow to flow.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime needs only threads")
});

/// Far longer than any flow takes: one that hangs must not keep the others from being told.
const LIMIT: Duration = Duration::from_secs(900);

/// What a flow works with.
pub struct Bench {
    /// The server of the site.
    pub site: Site,
    /// Who was ever there.
    visits: Mutex<Vec<Arc<Visit>>>,
    /// Origins of others that a flow brought in.
    others: Mutex<Vec<String>>,
}

/// Runs a test: the body, and then the rules. Its visitors are gone when it returns, however it ends. What is
/// worth looking at after a failure is in `target/e2e/NAME/`.
///
/// # Panics
/// If the test fails.
#[track_caller]
pub fn flow(name: &str, body: impl AsyncFnOnce(&Bench) -> Outcome) {
    folder::forget(name);
    let bench = match RUNTIME.block_on(Bench::new()) {
        Ok(bench) => bench,
        Err(fault) => panic!("{name}: {fault}"),
    };
    let within = async || match tokio::time::timeout(LIMIT, body(&bench)).await {
        Ok(ended) => ended,
        Err(_) => fault(format!("it has not come to its end within {} s", LIMIT.as_secs())),
    };
    let ended = catch_unwind(AssertUnwindSafe(|| RUNTIME.block_on(within())));
    let sound = matches!(ended, Ok(Ok(())));
    let complaints = RUNTIME.block_on(bench.close(name, sound));
    match ended {
        Err(panic) => {
            eprintln!("{}", complaints.join("\n"));
            resume_unwind(panic)
        }
        Ok(Err(fault)) => panic!("{name}: {fault}\n{}", complaints.join("\n")),
        Ok(Ok(())) => assert!(complaints.is_empty(), "{name}:\n{}", complaints.join("\n")),
    }
}

/// A flow of one visitor with a wide screen who has opened `address`.
///
/// # Panics
/// If the test fails.
#[track_caller]
pub fn visit(name: &str, address: &str, body: impl AsyncFnOnce(&Visit) -> Outcome) {
    flow(name, async |bench: &Bench| {
        let visit = bench.visitor(Look::WIDE).await?;
        visit.open(address).await?;
        body(&visit).await
    });
}

impl Bench {
    async fn new() -> Outcome<Bench> {
        // It has one already if another test of this program came first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Bench { site: Site::serve().await?, visits: Mutex::default(), others: Mutex::default() })
    }

    /// Another visitor, with a profile that nobody has used.
    pub async fn visitor(&self, look: Look) -> Outcome<Arc<Visit>> {
        self.visitor_traced(look, false).await
    }

    /// The same; if `traced`, the browser records what it does, for `measure`.
    pub async fn visitor_traced(&self, look: Look, traced: bool) -> Outcome<Arc<Visit>> {
        self.received(Visit::begin(Browser::take(traced).await?, &self.site.origin, look, false).await?)
    }

    /// A visitor of another host of the site; if he `keeps` it, his browser has it without a network as well.
    pub async fn visitor_of(&self, host: &Passing, keeps: bool) -> Outcome<Arc<Visit>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner).push(host.origin.clone());
        self.received(Visit::begin(Browser::take(false).await?, &host.origin, Look::WIDE, keeps).await?)
    }

    fn received(&self, visit: Visit) -> Outcome<Arc<Visit>> {
        let visit = Arc::new(visit);
        self.visits.lock().unwrap_or_else(PoisonError::into_inner).push(visit.clone());
        Ok(visit)
    }

    /// Somebody else's page, on another origin.
    pub async fn blog(&self, markup: &str) -> Outcome<Blog> {
        Ok(self.foreign(Blog::publish(markup).await?))
    }

    /// A document in which Mermaid draws.
    pub async fn document(&self) -> Outcome<Blog> {
        Ok(self.foreign(Blog::with_mermaid().await?))
    }

    /// The post of the documentation on another origin.
    pub async fn post(&self) -> Outcome<Blog> {
        Ok(self.foreign(Blog::documented(&self.site.origin).await?))
    }

    /// The same, with the laboratory of another host.
    pub async fn post_with(&self, host: &Passing) -> Outcome<Blog> {
        Ok(self.foreign(Blog::documented(&host.origin).await?))
    }

    /// Pages that a tool makes, on another origin, with the laboratory of the site below [`SUB_PATH`] in them.
    pub async fn made(&self, tool: Tool) -> Outcome<Blog> {
        let lab = format!("{}{SUB_PATH}", self.site.origin);
        Ok(self.foreign(Blog::made(tool, &lab).await?))
    }

    /// Another origin that a visit may ask.
    fn foreign(&self, blog: Blog) -> Blog {
        let origin = blog.address.trim_end_matches('/').to_owned();
        self.others.lock().unwrap_or_else(PoisonError::into_inner).push(origin);
        blog
    }

    /// The site on a host that lets no other origin read its files: its address.
    pub async fn closed_site(&self) -> Outcome<String> {
        let origin = Site::serve_closed().await?;
        self.others.lock().unwrap_or_else(PoisonError::into_inner).push(origin.clone());
        Ok(origin)
    }

    /// Ends the browsers. Gives all that broke the rules; after a failure also where to look.
    async fn close(&self, name: &str, sound: bool) -> Vec<String> {
        let visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let others = self.others.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut hosts: Vec<&str> = others.iter().map(String::as_str).collect();
        hosts.push(&self.site.origin);
        let mut complaints: Vec<String> =
            self.site.missed().into_iter().map(|missed| format!("the site has no {missed}")).collect();
        for visit in &visits {
            match visit.complaints(&hosts).await {
                Ok(found) => complaints.extend(found),
                Err(fault) => complaints.push(fault.to_string()),
            }
        }
        if !sound || !complaints.is_empty() {
            for (number, visit) in visits.iter().enumerate() {
                complaints.push(match keep::keep(name, number, visit).await {
                    Ok(folder) => format!("look into {}", folder.display()),
                    Err(fault) => format!("nothing could be kept: {fault}"),
                });
            }
        }
        for visit in &visits {
            visit.end(sound).await;
        }
        complaints.dedup();
        complaints
    }
}
