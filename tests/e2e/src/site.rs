//! The site as a host would serve it, in this process: at the root and under a sub-path, by the same server as
//! `cargo xtask serve`.

use crate::keep::root;
use crate::outcome::{Outcome, fault};
use host::Folder;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A folder that the site is served from as well.
pub const SUB_PATH: &str = "/some/sub/path/";

/// Which build of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    /// The site as it is published. `TLBSCOPE_DIST` says where it lies, if not in `dist`.
    ToPublish,
    /// The one for developers, which counts how often components are drawn (`cargo xtask build --dev`). `TLBSCOPE_DIST_DEV` says
    /// where it lies, if not in `target/site-dev`.
    ForDevelopers,
}

impl Built {
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Built::ToPublish => ("TLBSCOPE_DIST", "dist", "cargo xtask build"),
            Built::ForDevelopers => ("TLBSCOPE_DIST_DEV", "target/site-dev", "cargo xtask build --dev"),
        }
    }
}

/// The running server.
pub struct Site {
    /// `http://127.0.0.1:PORT`
    pub origin: String,
    traffic: Traffic,
}

/// Each request that was answered: its path, and the status of the answer.
type Traffic = Arc<Mutex<Vec<(String, u16)>>>;

impl Site {
    /// Serves the built site on a free port, as long as the runtime lives.
    pub async fn serve(built: Built) -> Outcome<Site> {
        let folder = Folder::new(dist(built)?).also_under(SUB_PATH);
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let origin = format!("http://{}", listener.local_addr()?);
        let traffic = Traffic::default();
        let noted = traffic.clone();
        tokio::spawn(host::serve(listener, move |request| {
            let reply = folder.answer(request);
            let noted = &mut noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.push((request.path.clone(), reply.status));
            reply
        }));
        Ok(Site { origin, traffic })
    }

    /// The paths that were asked for so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.answers().into_iter().map(|(path, _)| path).collect()
    }

    /// What was asked for and not to be had.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let bad = self.answers().into_iter().filter(|(_, status)| *status >= 400);
        bad.map(|(path, status)| format!("{path}: {status}")).collect()
    }

    fn answers(&self) -> Vec<(String, u16)> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The folder with the built site.
fn dist(built: Built) -> Outcome<PathBuf> {
    let ((variable, folder, command), root) = (built.place(), root());
    let dist = std::env::var_os(variable).map_or_else(|| root.join(folder), |dist| root.join(dist));
    if dist.join("index.html").is_file() {
        return Ok(dist);
    }
    fault(format!(
        "there is no site in {}: `{command}` makes one ({variable} names another folder)",
        dist.display()
    ))
}
