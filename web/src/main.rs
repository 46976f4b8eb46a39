//! The page's binary: hands the document's `#app` to Yew.

fn main() {
    web::app::start();
}
