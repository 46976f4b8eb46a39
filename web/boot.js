// Starts the page: runs app.js, which is loaded before this file, with its wasm. If that fails, this file says so in
// words. It also watches the running page: a program that has trapped can't say so itself.
//
// It is a separate file because a strict content-security policy forbids inline scripts, and Trunk's own loader is
// one. Every address is relative to this file, so the site works from any folder of any host. It is no module: in a sandboxed
// frame, a host without CORS headers keeps modules back, and then nobody could say why nothing comes.

{
  const here = document.currentScript.src;

  // A module of the site. In a sandboxed frame a script has no address that its imports could be relative to.
  const part = (name) => import(new URL(name, here));

  // The texts of the library. `text` is there when they have come; `come` asks for them, or waits for them if somebody has asked.
  // Whoever opens a link may need them first of all, so they come beside the wasm. All other visitors get the wasm first: the page
  // asks when it has been drawn.
  const file = async (name) => {
    const answer = await fetch(new URL(name, here)).catch(() => {
      throw "the host does not answer";
    });
    if (!answer.ok) throw `the host answers ${answer.status}`;
    return answer.text();
  };
  const ask = async () => library.text = await file("./library.txt");
  const library = {
    // Any other file of the site; and what a reader seldom needs, which comes when the page has been drawn.
    file,
    extras: (failed, what, ...given) => part("./extras.js").then((extras) => (library.at = extras)[what](...given)).catch((why) => failed(navigator.onLine ? why.message : "there is no network")),
    come: () => library.coming ??= ask().catch((why) => {
      library.coming = undefined;
      throw why;
    }),
  };
  // For the worker, whose script has no folder that addresses could be relative to.
  library.app = new URL("./app.js", here).href;
  library.wasm = new URL("./app_bg.wasm", here).href;
  library.pictures = new URL("./pictures.svg", here).href;
  // The choices in the dialogs that give a link or markup away.
  library.share = () => part("./share.js");
  globalThis.library = library;
  if (location.hash.length > 1) library.come().catch(() => {});

  // The editor, for whoever begins to write: `here` when it has come, and no word is being composed of several keys, which would be lost
  // with the plain field. A host that does not answer is asked again when somebody comes back to the field.
  const editor = {
    come: () => editor.coming ??= part("./editor.js").then(async (file) => {
      while (editor.composing) await new Promise((done) => addEventListener("compositionend", done, { once: true }));
      editor.here = file;
    }).catch(() => {
      editor.coming = undefined;
    }),
  };
  addEventListener("compositionstart", () => editor.composing = true, true);
  addEventListener("compositionend", () => editor.composing = false, true);
  globalThis.editor = editor;

  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  // The sheet of what nobody sees at first: it comes when the page has been drawn. An address that asks for something may need it
  // earlier. What has been measured in the page is measured anew with it.
  const dress = () => {
    const sheet = element("link", "");
    Object.assign(sheet, { rel: "stylesheet", href: new URL("./later.css", here) });
    sheet.onload = () => dispatchEvent(new Event("resize"));
    sheet.onerror = () => {
      sheet.remove();
      addEventListener("online", dress, { once: true });
    };
    document.head.append(sheet);
  };
  const asked = location.search.length + location.hash.length > 1;
  if (asked) dress();

  const start = async () => {
    await wasm_bindgen({ module_or_path: library.wasm });
    if (!asked) dress();
  };

  // What replaces a page that has died. It does not call the wasm, since the wasm can't be relied on any more.
  const died = (error) => {
    const place = document.getElementById("app");
    const words = element("p", "TLBscope has stopped because of an error in the program (" +
      `${error.message}), not in your text. The address of this page contains your text and run: copy it if you want to keep them.`);
    const again = element("button", "Try the same again");
    again.addEventListener("click", () => location.reload());
    const afresh = element("a", "Start afresh, without your text and run");
    afresh.href = location.pathname + location.search.replace(/([?&])s=[^&]*/, "$1");
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
    const words = element("p", `TLBscope could not start: ${error}. It needs a browser with WebAssembly. ` +
      "In a frame of another page, the host of these files has to send Access-Control-Allow-Origin: * with them.");
    words.setAttribute("role", "alert");
    words.className = "died";
    document.getElementById("app").replaceChildren(words);
  });
}
