// Pictures of a link, to be saved: as SVG, byte by byte what `tlbscope svg LINK` prints, and as PNG. `crates/plotter` draws them, in
// a wasm file of its own, which comes when a reader saves the first one.

import init, { Plotter, library } from "plotter";
import { make, one, tick } from "./parts.js";

// Steps that are taken at once. Between two turns the page goes on.
const TURN = 2_000;
// Pixels of a PNG for one of the picture: it is shown on dense screens, and enlarged on projectors.
const DENSE = 2;
// The most pixels of a PNG. Browsers give more to no canvas, and some of them give a blank one instead.
const MOST = 16_000_000;
const LONGEST = 80;

let coming;
// A host that does not answer is asked again the next time.
const come = () => coming ??= (async () => {
  await init({ module_or_path: new URL(PLOTTER, import.meta.url) });
  await globalThis.library.come().then(() => library(globalThis.library.text));
})().catch((why) => {
  coming = undefined;
  throw why;
});

const pause = () => new Promise((go) => setTimeout(go));

const opened = async (link) => {
  await come();
  const plotter = new Plotter(link);
  while (plotter.run(TURN)) await pause();
  return plotter;
};

// The SVG file, as a text.
export const draw = async (link, what, dark) => (await opened(link)).draw(what, dark);

// How control came to a step of its run: lines, or nothing.
export const control = async (link, step) => (await opened(link)).control(step);

const SVG = "image/svg+xml", PNG = "image/png";

// What the browser shows of an SVG file, dot by dot. The picture asks for nothing: what it needs is in it.
const dots = async (svg) => {
  const picture = new Image();
  picture.src = URL.createObjectURL(new Blob([svg], { type: SVG }));
  try {
    await picture.decode();
    const { naturalWidth: width, naturalHeight: height } = picture;
    const dense = Math.min(DENSE, Math.sqrt(MOST / (width * height)));
    const canvas = make("canvas", { width: Math.floor(width * dense), height: Math.floor(height * dense) });
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((done) => canvas.toBlob(done, PNG));
    if (!file) throw new Error("the picture is too large for this browser");
    return file;
  } finally {
    URL.revokeObjectURL(picture.src);
  }
};

// A name that every system takes for a file. One that is cut ends so that this can be seen.
const named = (text) => {
  const all = [...text.replace(/[^\p{L}\p{N}+.\u2026_ -]/gu, "-").trim().replace(/^\.+/, "")];
  return (all.length > LONGEST ? [...all.slice(0, LONGEST - 1), "\u2026"] : all).join("") || "picture";
};

const save = (name, file) => {
  const link = make("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  // The browser reads it at its leisure.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

// The choices, and a button for each kind of file. `link` says of what the picture is.
export const figure = (title, link) => {
  const [shown, what] = one("figure", "Picture of it", [["stage", "Machine"], ["timeline", "Run"], ["both", "Both"]], () => {});
  const [darkly, dark] = tick("figure-dark", "For dark pages", false, () => {});
  const name = make("input", { id: "figure-name", autocomplete: "off", spellcheck: false, value: named(title), title });
  const said = make("span", { id: "figure-said", className: "characters" });
  said.setAttribute("role", "status");
  const button = (kind, made) => {
    const press = make("button", { type: "button", id: `figure-${kind}`, textContent: `Save ${kind.toUpperCase()}` });
    press.addEventListener("click", async () => {
      const file = `${named(name.value.replace(/\.(svg|png)$/i, ""))}.${kind}`;
      press.disabled = true;
      said.textContent = "Drawing\u2026";
      try {
        save(file, await made(await draw(link(), what(), dark())));
        said.textContent = `Saved as ${file}.`;
      } catch (why) {
        said.textContent = `There is no picture: ${why?.message ?? why}`;
      }
      press.disabled = false;
      press.focus();
    });
    return press;
  };
  shown.append(darkly);
  return [
    shown,
    make("label", { className: "wide" }, "File name", name),
    make("div", { className: "ways" }, button("svg", (svg) => new Blob([svg], { type: SVG })), button("png", dots), said),
  ];
};
