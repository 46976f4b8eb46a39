//! Somebody else's page, on another origin, with the site in a frame.

use crate::outcome::Outcome;
use host::{Folder, Reply, Request};
use std::net::TcpListener;
use std::path::Path;

/// A running server of one page.
pub struct Blog {
    /// `http://localhost:PORT/`: another name of this machine than the site's, and so another site to a browser.
    pub address: String,
}

impl Blog {
    /// Serves a post with this markup in it, as long as the runtime lives.
    pub async fn publish(markup: &str) -> Outcome<Blog> {
        let post = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>A post</title>\
             <link rel=\"icon\" href=\"data:,\"></head>\
             <body><h1>A post</h1><p>Look at this:</p>{markup}<p>And so on.</p></body></html>"
        );
        Blog::serve(move |_| Reply::page(post.clone()))
    }

    /// Serves the post of the documentation, with its pictures, and with the laboratory of the site at `origin` in it.
    pub async fn documented(origin: &str) -> Outcome<Blog> {
        let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/post"));
        let post =
            include_str!("../../../docs/post/index.html").replace("https://example.org/tlbscope", origin);
        Blog::serve(move |request| match &*request.path {
            "/" => Reply::page(post.clone()),
            _ => folder.answer(request),
        })
    }

    fn serve(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Outcome<Blog> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = format!("http://localhost:{}/", listener.local_addr()?.port());
        tokio::spawn(host::serve(listener, answer));
        Ok(Blog { address })
    }
}
