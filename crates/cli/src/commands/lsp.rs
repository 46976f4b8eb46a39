//! `tlbscope lsp`: the language server.

use crate::lsp::serve;
use crate::stop::{Status, Stop};
use clap::Args;
use std::io::{self, Write};

/// Answer an editor: the Language Server Protocol on standard input and output. docs/editors.md says how to set an editor up.
///
/// Exit status: 0 the editor ended the session, 1 the editor went away without ending it.
#[derive(Args, Debug)]
pub struct LspCommand {
    /// Accepted because editors pass it. Standard input and output are used in any case.
    #[arg(long, hide = true)]
    stdio: bool,
}

impl LspCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let _ = self.stdio;
        let asked = serve(io::stdin(), out)?;
        Ok(if asked { Status::Fine } else { Status::Failed })
    }
}
