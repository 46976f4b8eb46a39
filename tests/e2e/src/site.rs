//! The site as a host would serve it, in this process: at the root and under a sub-path, by the same server as
//! `cargo xtask serve`.

use crate::folder::root;
use crate::outcome::{Outcome, fault};
use host::{Folder, Reply};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A folder that the site is served from as well.
pub const SUB_PATH: &str = "/some/sub/path/";

/// Where the built site lies, if not in `dist`.
const DIST: &str = "TLBSCOPE_DIST";

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
    pub async fn serve() -> Outcome<Site> {
        let folder = Folder::new(dist()?).also_under(SUB_PATH);
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

    /// Serves it as a host does that lets no other origin read its files; gives its address.
    pub(crate) async fn serve_closed() -> Outcome<String> {
        let folder = Folder::new(dist()?);
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let origin = format!("http://{}", listener.local_addr()?);
        tokio::spawn(host::serve(listener, move |request| Reply { shared: false, ..folder.answer(request) }));
        Ok(origin)
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
///
/// # Errors
/// If there is none.
pub fn dist() -> Outcome<PathBuf> {
    let root = root();
    let dist = std::env::var_os(DIST).map_or_else(|| root.join("dist"), |dist| root.join(dist));
    if dist.join("index.html").is_file() {
        return Ok(dist);
    }
    fault(format!(
        "there is no site in {}: `cargo xtask build` makes one ({DIST} names another folder)",
        dist.display()
    ))
}
