//! The page's handle on the explorer's worker: start it, send bytes, be told of bytes; dropping it ends it.
//!
//! One way of starting works everywhere, on a page of its own and in a sandboxed frame: a classic worker whose script
//! is a two-line Blob. The Blob has the *frame's* origin, so starting it is allowed, and `importScripts` may load a
//! classic script from any host. A worker started by URL throws in a sandboxed frame (in one engine it just never
//! answers), and a module worker may not import there. The wasm is the page's own, already compiled: it is the first
//! thing that the worker is sent.

use super::library::{kept, of};
use js_sys::{Array, Uint8Array};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Url};

/// What comes back from the worker.
pub enum FromWorker {
    /// One envelope; the first one, empty, says that the worker listens.
    Bytes(Vec<u8>),
    /// The worker could not be loaded or has died.
    Died,
}

/// A running worker. Dropping it terminates the worker and frees its script.
pub struct Worker {
    worker: web_sys::Worker,
    script: String,
    has_library: Cell<bool>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Worker {
    /// Starts the worker. `report` is called for all it says.
    pub fn spawn(report: impl Fn(FromWorker) + Clone + 'static) -> Result<Self, JsValue> {
        let script = blob_script()?;
        let worker = web_sys::Worker::new(&script)?;
        // Where a module may not be sent, the worker is told where to find it.
        worker
            .post_message(&wasm_bindgen::module())
            .or_else(|_| worker.post_message(&of(&kept(), "wasm")))?;
        let heard = report.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            heard(FromWorker::Bytes(Uint8Array::new(&event.data()).to_vec()));
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // Handled here, by doing without: no error of the page.
            event.prevent_default();
            report(FromWorker::Died);
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            script,
            has_library: Cell::default(),
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends one envelope. Lost unless the worker has already said that it listens.
    pub fn send(&self, bytes: &[u8]) {
        // Posting a fresh byte array cannot fail: it is always cloneable.
        let _ = self.worker.post_message(&Uint8Array::from(bytes));
    }
}

impl Worker {
    /// Gives it the library, once, if the page has it. A text is no envelope, and so is told from one.
    pub fn give_library(&self) {
        if gallery::whole() && !self.has_library.replace(true) {
            let _ = self.worker.post_message(&gallery::file().into());
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.terminate();
        let _ = Url::revoke_object_url(&self.script);
    }
}

/// The Blob's URL. A wasm that fails to load is an unhandled rejection inside the worker, which the page would not
/// hear: it is thrown again from a timer, which makes it an error event.
fn blob_script() -> Result<String, JsValue> {
    let text = format!(
        "importScripts({:?});onmessage=e=>wasm_bindgen({{module_or_path:e.data}}).catch(e=>setTimeout(()=>{{throw e}}));",
        of(&kept(), "app").as_string().unwrap_or_default(),
    );
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    Url::create_object_url_with_blob(&blob)
}
