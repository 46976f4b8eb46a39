//! The one wasm file of the site: the page in a tab, the explorer in a worker.

fn main() {
    web::start();
}
