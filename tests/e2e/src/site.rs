//! The site as a host would serve it, in this process: at the root and under a sub-path, with real 404s, with CORS, and
//! under the content-security policy that it is developed under.

use crate::keep::root;
use crate::outcome::{Outcome, fault};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

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
        let dist = dist()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let traffic = Traffic::default();
        let router = Router::new()
            .nest_service(SUB_PATH.trim_end_matches('/'), ServeDir::new(&dist))
            .fallback_service(ServeDir::new(&dist))
            .layer(from_fn_with_state((origin.clone(), traffic.clone()), dress));
        tokio::spawn(async move { axum::serve(listener, router).await });
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
fn dist() -> Outcome<PathBuf> {
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

/// Notes the request, and gives the answer its headers.
async fn dress(State((origin, traffic)): State<(String, Traffic)>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    traffic.lock().unwrap_or_else(PoisonError::into_inner).push((path, response.status().as_u16()));
    // Names the host instead of saying 'self', which means nothing in a sandboxed frame in one engine.
    let policy = format!(
        "default-src 'none'; script-src {origin} blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src {origin}; \
         style-src {origin}; img-src {origin} data: blob:; font-src {origin}; frame-src {origin}; base-uri 'none'; \
         form-action 'none'"
    );
    let headers: [(HeaderName, &str); 3] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, &policy),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
