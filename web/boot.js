// Starts the page: runs app.js, which is loaded before this, with its wasm, and says so in words where that fails.
// Goes on looking after it: a program that has come to a trap can't say so itself.
//
// A file of its own because a strict content-security policy forbids inline scripts, and because Trunk's own loader
// is one. Every address is relative to this file, so the site works from any folder of any host.
const start = async () => wasm_bindgen({ module_or_path: new URL("./app_bg.wasm", import.meta.url) });

const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

// What stands in the place of a page that has died. Nothing of it calls the wasm, of which nothing can be relied on.
const died = (error) => {
  const place = document.getElementById("app");
  const words = element("p", "TLBscope has stopped. What it ran into is a fault of the program (" +
    `${error.message}), not of your text. Text and run are in the address of this page: copy it, if you want to keep them.`);
  const again = element("button", "Try the same again");
  again.addEventListener("click", () => location.reload());
  const afresh = element("a", "Begin afresh, without them");
  afresh.href = location.pathname;
  const ways = element("p", "");
  ways.append(again, " ", afresh);
  const box = element("div", "");
  box.className = "died";
  box.setAttribute("role", "alert");
  box.dataset.testid = "died";
  box.append(words, ways);
  place.replaceChildren(box);
};

const trapped = (error) => error instanceof WebAssembly.RuntimeError;
addEventListener("error", (event) => trapped(event.error) && died(event.error));
addEventListener("unhandledrejection", (event) => trapped(event.reason) && died(event.reason));

start().catch((error) => {
  if (trapped(error)) return died(error);
  const words = element("p", `TLBscope could not start: ${error}. It needs a browser with WebAssembly, ` +
    "and a host that serves .wasm files to every origin.");
  words.setAttribute("role", "alert");
  document.getElementById("app").replaceChildren(words);
});
