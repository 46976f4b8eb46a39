//! Connections: each is a task of its own, so that a silent or slow connection keeps no other one waiting.
//!
//! Request bodies are never read. A false length in a header costs nothing.

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderValue;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take to send the head of a request.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait when the system has no connection left to give.
const PAUSE: Duration = Duration::from_millis(100);

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// It only wants to read: GET or HEAD.
    pub reads: bool,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The header `Host`.
    pub host: Option<String>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The type of the body.
    pub kind: &'static str,
    /// The body. A HEAD is answered without it, but with its length.
    pub body: Vec<u8>,
    /// The content-security policy, if there is one.
    pub policy: Option<String>,
    /// Pages of every origin may read it (CORS).
    pub shared: bool,
}

impl Reply {
    /// A page.
    #[must_use]
    pub fn page(body: String) -> Reply {
        Reply {
            status: 200,
            kind: "text/html; charset=utf-8",
            body: body.into_bytes(),
            policy: None,
            shared: true,
        }
    }
}

/// Serves on this thread until the listener fails.
///
/// # Errors
/// The system's error, if it gives no runtime or closes the listener.
pub fn run(
    listener: TcpListener,
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> io::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(listener, answer))
}

/// Serves in the runtime that it is called in, as long as that lives.
///
/// # Errors
/// The system's, if it takes the listener away.
pub async fn serve(
    listener: TcpListener,
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let answer = Arc::new(answer);
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // The client has closed the connection again, or all file descriptors are in use. Neither ends the server.
            Err(_) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "there is nothing to wait for but that files are closed"
                )]
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let answer = Arc::clone(&answer);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let reply = answer(&asked(&request));
            async move { Ok::<_, Infallible>(response(reply)) }
        });
        tokio::spawn(async move {
            // A browser that has gone away in the meantime is none of our business.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn asked(request: &hyper::Request<Incoming>) -> Request {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    Request {
        reads: matches!(*request.method(), Method::GET | Method::HEAD),
        path: request.uri().path().to_owned(),
        host: host.map(str::to_owned),
    }
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let Reply { status, kind, body, policy, shared } = reply;
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if shared {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
