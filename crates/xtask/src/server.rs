//! Serves the site on this machine. The crate `host` decides how strictly; the browser tests serve with it too.

use crate::args::Build;
use crate::job::Failure;
use crate::repository::Repository;
use crate::{site, watch};
use host::Folder;
use std::net::TcpListener;
use std::thread;

/// How many ports are tried before giving up.
const TRIES: u16 = 50;

/// Serves until it is stopped. An unoptimised site is built again at every change of its sources.
pub fn serve(repository: &Repository, build: &Build, port: u16) -> Result<(), Failure> {
    let folder = Folder::new(site::folder(repository, build));
    let (listener, bound) = open(port)?;
    if bound != port {
        println!("Port {port} is taken; {bound} is free.");
    }
    println!("\n  http://127.0.0.1:{bound}/\n\nCtrl-C ends it.");
    let serving = thread::spawn(move || host::run(listener, move |request| folder.answer(request)));
    if build.dev {
        watch::forever(repository, || {
            if let Err(failure) = site::build(repository, build) {
                eprintln!("{failure}\nThe site stays as it was.");
            }
        });
    }
    match serving.join() {
        Ok(Err(error)) => Err(Failure(format!("the server ended: {error}"))),
        _ => Ok(()),
    }
}

/// The first free port from `port` on.
fn open(port: u16) -> Result<(TcpListener, u16), Failure> {
    let mut last = String::new();
    for tried in port..=port.saturating_add(TRIES) {
        match TcpListener::bind(("127.0.0.1", tried)) {
            // Port 0 means "any": the one that it became is the one to print.
            Ok(listener) => {
                let bound = listener.local_addr().map_or(tried, |address| address.port());
                return Ok((listener, bound));
            }
            Err(error) => last = error.to_string(),
        }
    }
    Err(Failure(format!("no free port among the {TRIES} from {port} on: {last}\nName another with --port.")))
}
