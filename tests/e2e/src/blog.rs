//! Somebody else's page, on another origin, with the site in a frame.

use crate::outcome::{Outcome, fault};
use crate::tool::{self, Tool};
use host::{Folder, Reply, Request};
use std::net::TcpListener;
use std::path::Path;

/// The path of somebody else's pages on their host.
pub const BLOG: &str = "/a/blog/";

/// The path of the package that makes slides of a page, beside that page.
const REVEAL: &str = "/a/blog/reveal/";

/// The same of the package that draws diagrams.
const MERMAID: &str = "/a/mermaid/";

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

    /// Serves a post in which a diagram can be drawn by Mermaid, as in anybody's document.
    pub async fn with_mermaid() -> Outcome<Blog> {
        let package = Folder::new(tool::mermaid()).also_under(MERMAID);
        if !tool::mermaid().join("mermaid.tiny.js").is_file() {
            return fault("Mermaid is missing: `cargo xtask setup --test` installs it");
        }
        let post = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A document</title>\
             <link rel=\"icon\" href=\"data:,\"></head>\
             <body><h1>A document</h1><div id=\"place\"></div><script src=\"{MERMAID}mermaid.tiny.js\"></script></body></html>"
        );
        Blog::serve(move |request| match request.path.starts_with(MERMAID) {
            true => package.answer(request),
            false => Reply::page(post.clone()),
        })
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

    /// Serves what a tool has made of `source` for that tool's own address: below [`BLOG`], under a policy that lets in nothing but the
    /// host's own files and the laboratory.
    pub(crate) async fn made(tool: Tool, lab: &str) -> Outcome<Blog> {
        let made = tool.folder();
        let files = Folder::new(made.clone()).also_under(BLOG);
        // What is not text stays where the set-up has put it.
        let package = Folder::new(tool::reveal()).also_under(REVEAL);
        let origin = lab.split('/').take(3).collect::<Vec<_>>().join("/");
        let inline = tool.inline();
        let policy = format!(
            "default-src 'none'; script-src 'self'{inline} {origin}; style-src 'self'{inline}; img-src 'self' data:; font-src 'self' data:; \
             frame-src {origin}; base-uri 'none'; form-action 'none'"
        );
        let blog = Blog::serve(move |request| {
            let folder = if request.path.starts_with(REVEAL) { &package } else { &files };
            Reply { policy: Some(policy.clone()), ..folder.answer(request) }
        })?;
        tool.make(&blog.address, lab).await?;
        Ok(blog)
    }

    fn serve(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Outcome<Blog> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = format!("http://localhost:{}/", listener.local_addr()?.port());
        tokio::spawn(host::serve(listener, answer));
        Ok(Blog { address })
    }
}
