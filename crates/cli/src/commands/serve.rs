//! `tlbscope serve`: the page, which is a part of the program.

use crate::stop::{Status, Stop};
use clap::Args;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};

/// Serve the page on this machine, from the files in this program: nothing is read or fetched.
#[derive(Args, Debug)]
pub struct ServeCommand {
    /// The port. 0 takes any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,

    /// The address to listen at. 127.0.0.1 is this machine alone, 0.0.0.0 all networks that it is in.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
}

#[cfg(feature = "page")]
mod page {
    //! The files, as `build.rs` found them.

    include!(concat!(env!("OUT_DIR"), "/page.rs"));
}

impl ServeCommand {
    #[cfg(feature = "page")]
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let refused = |error: std::io::Error| {
            Stop::Refused(format!("port {} can't be served: {error}; --port chooses another one", self.port))
        };
        let listener = std::net::TcpListener::bind((self.address, self.port)).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        writeln!(out, "http://{address}/")?;
        out.flush()?;
        let files = host::Carried::new(page::FILES);
        host::run(listener, move |request| files.answer(request)).map_err(refused)?;
        Ok(Status::Fine)
    }

    #[cfg(not(feature = "page"))]
    pub fn run(&self, _: &mut impl Write) -> Result<Status, Stop> {
        Err(Stop::Refused(format!(
            "port {} is not served: this program was built without the page (feature `page`); in a source tree, \
             `cargo xtask serve` builds and serves it",
            self.port
        )))
    }
}
