//! The worker's binary: answers the page's messages, one envelope of bytes at a time.

fn main() {
    web::pump::start();
}
