// Two kernels of the library side by side. The address says which: `#linux-4.14..linux-4.20`, or one of them. `crates/contrast` writes
// what is seen, in the wasm file that draws pictures of links as well; the verdicts are a file of the site (`verdicts.tsv`).

import init, { before, kernel, kernels, library, side_by_side } from "plotter";

const BETWEEN = "..";

const part = (id) => document.getElementById(id);
const [old, next] = [part("old"), part("new")];
let verdicts, about;

// The theme that the reader has chosen on the page. Where nothing may be stored, even asking is an error.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* As the system says. */ }

const text = async (name) => {
  const answer = await fetch(new URL(name, import.meta.url)).catch(() => {
    throw new Error(navigator.onLine ? "the host does not answer" : "there is no network");
  });
  if (!answer.ok) throw new Error(`the host answers ${answer.status}`);
  return answer.text();
};

const FIRST = "linux-4.20";

// An address that somebody has cut off.
const decoded = (name) => {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
};

// The pair that the address names, and which names of it the library does not have: these are replaced.
const asked = () => {
  const [one, other] = decoded(location.hash.slice(1)).split(BETWEEN);
  const known = (name) => (name && kernel(name)) || undefined;
  const to = known(other ?? one) ?? FIRST;
  const unknown = [one, other].filter((name) => name && !known(name)).map((name) => `\u{201c}${name.slice(0, 60)}\u{201d}`);
  return [(other !== undefined && known(one)) || before(to), to, unknown];
};

const draw = () => {
  const [from, to, unknown] = asked();
  [old.value, next.value] = [from, to];
  part("old-about").textContent = about.get(from);
  part("new-about").textContent = about.get(to);
  part("place").innerHTML = side_by_side(from, to, verdicts);
  part("state").textContent = unknown.length ? `The library has no kernel ${unknown.join(" or ")}. Below are others.` : "";
  document.title = `${old.selectedOptions[0].text} and ${next.selectedOptions[0].text}, side by side: TLBscope`;
};

// What the reader chooses is in the address, and an entry of the history; that draws it.
const choose = (from, to) => { location.hash = from + BETWEEN + to; };

const begin = async () => {
  part("state").replaceChildren("The library is being loaded.");
  const [texts, said] = await Promise.all([text(LIBRARY), text("./verdicts.tsv"), init({ module_or_path: new URL(PLOTTER, import.meta.url) })]);
  if (!library(texts)) throw new Error("the host has the library of another version");
  const all = kernels().split("\n").slice(0, -1).map((one) => one.split("\t"));
  about = new Map(all.map(([slug, , sentence]) => [slug, sentence]));
  for (const list of [old, next]) {
    list.replaceChildren(...all.map(([slug, name]) => new Option(name, slug)));
    list.disabled = false;
  }
  part("swap").disabled = false;
  verdicts = said;
  draw();
};

const start = () => begin().catch((why) => {
  const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again" });
  again.addEventListener("click", start);
  part("state").replaceChildren(`The kernels could not be loaded: ${why.message}. `, again);
});

for (const list of [old, next]) list.addEventListener("change", () => choose(old.value, next.value));
part("swap").addEventListener("click", () => choose(next.value, old.value));
addEventListener("hashchange", () => verdicts && draw());
// Lines that both texts have, in the middle of a part.
part("place").addEventListener("click", ({ target }) => {
  const fold = target.closest(".fold");
  if (!fold || target.tagName !== "BUTTON") return;
  const lines = fold.nextElementSibling;
  lines.hidden = false;
  lines.tabIndex = -1;
  lines.focus();
  fold.remove();
});
start();
