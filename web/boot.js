// Starts the page: runs app.js, which is loaded before this, with its wasm, and says so in words where that fails.
//
// A file of its own because a strict content-security policy forbids inline scripts, and because Trunk's own loader
// is one. Every address is relative to this file, so the site works from any folder of any host.
const start = async () => wasm_bindgen({ module_or_path: new URL("./app_bg.wasm", import.meta.url) });

start().catch((error) => {
  const place = document.getElementById("app");
  const words = document.createElement("p");
  words.setAttribute("role", "alert");
  words.textContent = `TLBscope could not start: ${error}. It needs a browser with WebAssembly, ` +
    "and a host that serves .wasm files to every origin.";
  place.replaceChildren(words);
});
