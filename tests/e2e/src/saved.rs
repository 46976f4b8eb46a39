//! Files that a browser has saved, as it saves them for anybody: in a folder.

use crate::driver::Scratch;
use crate::outcome::Outcome;
use crate::until::{Seen, until};
use std::path::Path;

/// A folder of their own; dropping it removes them.
pub struct Saved(Scratch);

impl Saved {
    pub(crate) fn new() -> Outcome<Saved> {
        Ok(Saved(Scratch::new()?))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// What is in a file, as soon as it is there: all of it, for a browser writes under another name first. `ending` is what it
    /// ends with: some browsers make an empty file of that name before.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn file(&self, name: &str, ending: &[u8]) -> Outcome<Vec<u8>> {
        until(&format!("a saved file {name}"), async || {
            Ok(match std::fs::read(self.path().join(name)) {
                Ok(bytes) if bytes.ends_with(ending) => Seen::Yes(bytes),
                Ok(bytes) => Seen::NotYet(format!("{} bytes", bytes.len())),
                Err(_) => Seen::NotYet(format!("{:?}", self.names())),
            })
        })
        .await
    }

    fn names(&self) -> Vec<String> {
        let all = std::fs::read_dir(self.path()).into_iter().flatten().flatten();
        all.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}
