// What a reader seldom needs, and the page does not wait for: files, the reference of the language, a picture for projectors.
//
// It is loaded when the page has been drawn. It knows elements by their test ids and classes, and nothing of what is in a text:
// it hands over bytes. `boot.js` loads it, and `web/src/browser/extras.rs` hears from it.

let hear, most, begun = false;

const part = (id) => document.querySelector(`[data-testid="${id}"]`);
const said = () => document.querySelector(".caption .sentence");
const lesson = () => document.querySelector(".lesson");
const make = (tag, properties, ...inside) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inside);
  return made;
};

// A text field hands over what is in it when it loses the focus.
const handOver = () => {
  const field = document.activeElement;
  field?.blur();
  field?.focus();
};

// Files: read together, and handed over together. Of one that is too large nothing is read.
const read = async (files) => {
  handOver();
  const bytes = (file) => file.size > most ? null : file.arrayBuffer().then((all) => new Uint8Array(all), () => undefined);
  hear?.(await Promise.all([...files].map(async (file) => [file.name, await bytes(file)])));
};

export const choose = () => {
  const field = make("input", { type: "file", multiple: true, accept: ".tlb,.txt" });
  field.addEventListener("change", () => field.files.length && read(field.files));
  field.click();
};

const dragged = (event) => [...event.dataTransfer?.types ?? []].includes("Files");
const over = (event) => {
  document.documentElement.toggleAttribute("data-drop", event.type === "dragover" && dragged(event));
  if (!dragged(event)) return;
  // Else the browser would open the file in place of the page.
  event.preventDefault();
  if (event.type === "drop") read(event.dataTransfer.files);
};

export const save = (name, text) => {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const keys = (event) => {
  if (!hear || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  handOver();
  hear();
};

// An embed and the page around it (docs/embedding.md): the height, and messages through a port that this page gives. `listen`
// reads what it asks for, and says why that is refused, or nothing; without fields it says what is on the page.
const VERSION = 1, FIELDS = 9, NAME = 40, SPARE = 2;
let port, state = [], sent = [], tall = 0;

// Where the embed is as high as its frame, the stage scrolls; where it is not, or there is no stage, all of it has its height.
const measure = () => {
  const whole = document.querySelector(".embed"), scene = whole?.querySelector(".scene");
  if (!whole) return;
  const height = Math.max(whole.offsetHeight, whole.scrollHeight) + (scene ? scene.scrollHeight - scene.clientHeight : 0);
  // Heights are rounded: a frame of just that height might scroll by a pixel, and then measure another one.
  if (Math.abs(height + SPARE - tall) > SPARE) parent.postMessage({ tlbscope: "height", height: tall = height + SPARE }, "*");
};

const tell = () => {
  state.forEach((one, number) => {
    const text = JSON.stringify(one);
    if (port && sent[number] !== text) port.postMessage(one);
    if (port) sent[number] = text;
  });
};

// What is on the page.
export const told = (text) => {
  state = JSON.parse(text);
  tell();
  measure();
};

export const embed = (listen) => {
  told(listen([]));
  // Where the author wants it to begin. Who wants little motion starts the run by hand.
  const chosen = new URLSearchParams(location.search), step = chosen.get("step");
  if (/^\d{1,9}$/.test(step)) listen([["kind", "seek"], ["step", Number(step)]]);
  if (chosen.has("autoplay") && !matchMedia("(prefers-reduced-motion: reduce)").matches) listen([["kind", "play"]]);
  const watch = new ResizeObserver(measure);
  for (const element of document.querySelectorAll(".embed, .embed .scene, .embed .stage")) watch.observe(element);
  addEventListener("resize", measure);
  addEventListener("message", ({ source, data, ports: [given] }) => {
    // Another frame of the same page has no say.
    if (source !== parent || !given || data?.tlbscope !== "connect") return;
    if (data.version !== VERSION) return given.postMessage({ kind: "refused", reason: `This embed speaks version ${VERSION} of the messages.` });
    port?.close();
    [port, sent] = [given, []];
    port.onmessage = ({ data }) => {
      const fields = data && typeof data === "object" ? Object.entries(data).slice(0, FIELDS) : [];
      const reason = listen(fields.length ? fields.map(([name, value]) => [name.slice(0, NAME), value]) : [["", 0]]);
      const id = Number.isSafeInteger(data?.id) ? { id: data.id } : undefined;
      if (reason !== undefined) port.postMessage({ kind: "refused", reason, ...id });
      else if (id) port.postMessage({ kind: "done", ...id });
    };
    port.postMessage({ kind: "ready", version: VERSION });
    tell();
  });
  // It holds no secret, and a frame can't know who is around it.
  parent.postMessage({ tlbscope: "ready", version: VERSION }, "*");
};

// How control came to a step of a link's run: what draws pictures of links knows that too.
export const control = async (link, step, hear) => hear(await (await library.share()).control(link, step).catch((why) => {
  throw new Error(why?.message ?? why);
}));

// The choices of a dialog that gives something away.
export const share = async (...given) => (await library.share()).open(...given);

// The reference: a pane in the place of the right column, so that the whole text is in view beside it. It stays in the document as
// the reader left it.
let pane;

// The column has the width that the page gives it. Below two columns there is none.
const dock = () => {
  const left = document.querySelector(".page .right > *")?.getBoundingClientRect().left ?? 0, room = document.documentElement.clientWidth - left + GAP;
  pane?.style.setProperty("--room", left > innerWidth / 2 ? `${room}px` : "");
};
const GAP = 12;

// The words that a reader looks for, marked where they stand.
const MARKS = 400;

const unmark = (place) => {
  for (const mark of place.querySelectorAll("mark")) {
    const around = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    around.normalize();
  }
};

const mark = (place, words) => {
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest("section[hidden], tr[hidden], button")) continue;
    const all = text.data.toLowerCase();
    for (const word of words) {
      for (let at = all.indexOf(word); at >= 0; at = all.indexOf(word, at + word.length)) found.push([text, at, at + word.length]);
    }
    if (found.length > MARKS) break;
  }
  // From the end, so that the places before stay what they are; of two that overlap the earlier one.
  const last = new Map();
  for (const [text, from, to] of found.sort((one, other) => other[1] - one[1])) {
    if (to > (last.get(text) ?? Infinity)) continue;
    last.set(text, from);
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, to);
    range.surroundContents(document.createElement("mark"));
  }
};

// The texts of the library that have all words. A scenario opens on the page; a kernel has a page of its own.
const SHOWN = 12;

const holding = async (words) => {
  const all = (library.text ?? await library.come()).split(/^(?=(?:kernels|scenarios)\/[^ \n]+ \d+$)/m);
  const found = all.filter((text) => words.every((word) => text.toLowerCase().includes(word)));
  return found.map((text) => text.match(/^(kernels|scenarios)\/(\S+) /)).filter(Boolean).map(([, kind, name]) => make("a", {
    href: kind === "kernels" ? `./kernels.html#${name}` : `#${name}`,
    target: kind === "kernels" ? "_blank" : "",
    textContent: name,
  }));
};

const elsewhere = async (words, place) => {
  const found = await holding(words).catch(() => []);
  if (place.hidden) return;
  const shown = found.slice(0, SHOWN).flatMap((link) => [link, " "]);
  const more = found.length > SHOWN ? `and ${found.length - SHOWN} more.` : "";
  place.replaceChildren(...(found.length ? ["Texts of the library that have them: ", ...shown, more] : ["No text of the library has them either."]));
};

const reference = () => {
  const words = make("input", { type: "search", placeholder: "Search", autocomplete: "off", spellcheck: false });
  words.setAttribute("aria-label", "Words in the reference");
  words.dataset.testid = "reference-words";
  const count = make("p", { className: "sections-of" });
  count.setAttribute("role", "status");
  count.dataset.testid = "reference-count";
  const others = make("p", { className: "others-of", hidden: true });
  others.dataset.testid = "reference-others";
  const place = make("div", { className: "page-of", tabIndex: 0 });
  const shut = make("button", { type: "button", className: "close", textContent: "\u00d7" });
  shut.setAttribute("aria-label", "Close");
  const made = make("aside", { className: "handbook" }, make("header", {}, make("h2", { textContent: "The language" }), words, shut), count, others, place);
  made.setAttribute("aria-label", "The language");
  made.dataset.testid = "reference";
  // Sections with all words; of their tables the rows with all words, if there are such.
  const seek = () => {
    const all = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    unmark(place);
    const has = (element) => { const text = element.textContent.toLowerCase(); return all.every((word) => text.includes(word)); };
    let found = 0;
    for (const section of place.querySelectorAll("section")) {
      section.hidden = !has(section);
      found += !section.hidden;
      for (const table of section.querySelectorAll("tbody")) {
        const rows = [...table.rows], some = rows.some(has);
        for (const row of rows) row.hidden = some && !has(row);
      }
    }
    mark(place, all);
    place.scrollTop = 0;
    here = 0;
    show();
    others.hidden = found > 0 || place.childElementCount < 2;
    if (!others.hidden) elsewhere(all, others);
    count.textContent = !all.length ? "" : found === 0 ? "No section has these words." : found === 1 ? "1 section" : `${found} sections`;
  };
  // The first place that is marked comes into view, with what it stands in; Enter goes on to the next one.
  let here = 0;
  const show = () => {
    const marks = place.querySelectorAll("mark");
    marks.forEach((one, number) => one.toggleAttribute("data-here", number === here));
    marks[here]?.scrollIntoView({ block: "center", inline: "nearest" });
  };
  words.addEventListener("keydown", (event) => {
    const marks = place.querySelectorAll("mark").length;
    if (event.key !== "Enter" || !marks) return;
    event.preventDefault();
    here = (here + (event.shiftKey ? marks - 1 : 1)) % marks;
    show();
  });
  words.addEventListener("input", seek);
  shut.addEventListener("click", close);
  made.addEventListener("keydown", (event) => event.key === "Escape" && close());
  place.addEventListener("click", (event) => {
    // A run of the guide: the stage shows it, beside the guide if there is room.
    if (event.target.closest(`a[href^="#"]:not([data-to])`)) {
      if (!pane.style.getPropertyValue("--room")) close();
      document.getElementById("main")?.scrollIntoView();
    }
    const asked = event.target.closest("[data-text], [data-to]");
    if (asked?.dataset.text) {
      close();
      hear?.([["an example of the reference", new TextEncoder().encode(asked.dataset.text)]]);
    } else if (asked) {
      event.preventDefault();
      words.value = "";
      seek();
      place.querySelector(`[data-at="${asked.dataset.to}"]`)?.scrollIntoView();
    }
  });
  const load = () => {
    place.replaceChildren(make("p", { textContent: "The reference is being loaded." }));
    library.file("./reference.html").then((page) => { place.innerHTML = page; seek(); }, (why) => {
      const again = make("button", { type: "button", textContent: "Try again" });
      again.addEventListener("click", load);
      const said = make("p", { textContent: `The reference could not be loaded: ${why}. ` }, again);
      said.setAttribute("role", "alert");
      place.replaceChildren(said);
    });
  };
  load();
  document.body.append(made);
  return made;
};

const close = () => {
  pane.hidden = true;
  const button = part("read-language");
  button?.setAttribute("aria-expanded", "false");
  button?.focus();
};

// Opens it, or closes it.
export const turn = () => {
  if (pane && !pane.hidden) return close();
  pane ??= reference();
  pane.hidden = false;
  dock();
  part("read-language")?.setAttribute("aria-expanded", "true");
  if (!matchMedia("(pointer: coarse)").matches) pane.querySelector("input").focus();
};

// From anywhere to the texts. The page may still be drawing them, and what is above them may have its height only when it has been in
// view once: so the way is gone until it has been there twice in a row.
const FRAMES = 300;

const toTexts = () => {
  if (!part("code")?.offsetParent) part("part-code")?.click();
  let frames = 0, before;
  const go = () => {
    const code = part("code"), top = code && Math.round(code.getBoundingClientRect().top);
    if (++frames > FRAMES || top !== undefined && top === before) return;
    before = top;
    code?.scrollIntoView();
    // The caret is where the reader left it.
    if (!matchMedia("(pointer: coarse)").matches) code?.querySelector(".cm-content, textarea")?.focus({ preventScroll: true });
    requestAnimationFrame(go);
  };
  requestAnimationFrame(go);
};

const ways = ({ target }) => {
  if (target.closest?.('[data-testid="write"]')) toTexts();
  else if (target.closest?.(".strip")) document.getElementById("main")?.scrollIntoView();
};

// What closes something else leaves the focus where it is: whoever writes goes on writing.
const keepFocus = (event) => {
  if (event.target.closest?.("button.close") && !event.target.closest("dialog, .handbook")) event.preventDefault();
};

// A projector: the machine as large as its place allows, the code with as many lines as a room can read, a screen that stays on.
const LINES = 540, NARROWEST = 640;
let lock, presenting = false;

const size = (element, zoom) => element?.style.setProperty("zoom", zoom);

const fit = () => {
  const stage = document.querySelector(".stage"), code = document.querySelector(".code");
  if (!presenting) {
    for (const element of [stage, code]) element?.style.removeProperty("zoom");
    for (const text of [said(), lesson()]) text?.style.removeProperty("font-size");
    return;
  }
  size(code, 1);
  size(code, Math.max(0.8, (code?.clientHeight ?? LINES) / LINES));
  if (!stage) return;
  // The lines over it have the size that it had.
  stage.toggleAttribute("data-fitting", true);
  size(stage, 1);
  let small = 0.3, large = Math.min(3, stage.clientWidth / NARROWEST);
  while (large - small > 0.01) {
    const zoom = (small + large) / 2;
    size(stage, zoom);
    const fits = stage.scrollHeight <= stage.clientHeight && stage.scrollWidth <= stage.clientWidth;
    if (fits) small = zoom; else large = zoom;
  }
  size(stage, small);
  stage.toggleAttribute("data-fitting", false);
};

// A long text is whole in smaller letters.
const whole = (text) => {
  if (!text) return;
  text.style.removeProperty("font-size");
  const large = parseFloat(getComputedStyle(text).fontSize);
  for (let letters = large - 1; letters > large / 2 && text.scrollHeight > text.clientHeight + 1; letters--) {
    text.style.fontSize = `${letters}px`;
  }
};

// The sentence is whole, and what a moment of the tour says. So is the machine, if a step makes it larger.
export const say = () => {
  const stage = document.querySelector(".stage");
  if (stage?.scrollHeight > stage?.clientHeight + 1) fit();
  for (const text of [said(), lesson()]) whole(text);
};

const stay = async () => {
  // Refused, for instance on a low battery: then the screen goes dark as it always does.
  if (presenting && !document.hidden && (!lock || lock.released)) lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  if (!presenting) lock?.release();
};

export const present = (on) => {
  presenting = on;
  fit();
  if (on) say();
  if (on) stay(); else lock?.release();
};

// Two fingers on the diagram of a run zoom it, as on a touch pad: what a browser tells of a pad, a wheel with the key held down, is told
// of them. One finger scrolls, as everywhere; so only a diagram is asked before it scrolls.
let apart;

const pinch = (event) => {
  const two = event.touches.length === 2 && event.type === "touchmove";
  const [before, [one, other]] = [apart, event.touches];
  apart = two ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : undefined;
  if (!two) return;
  if (event.cancelable) event.preventDefault();
  const by = before && apart ? apart / before : 1, clientX = (one.clientX + other.clientX) / 2;
  // So far a wheel turns to make steps `by` times as wide (lens.rs).
  const deltaY = by > 1 ? 200 * (1 - by) : 200 * (1 / by - 1);
  event.currentTarget.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, ctrlKey: true, cancelable: true }));
};

const fingers = () => {
  for (const diagram of document.querySelectorAll(".scroller:not([data-fingers])")) {
    diagram.dataset.fingers = "";
    for (const kind of ["touchstart", "touchmove", "touchend"]) diagram.addEventListener(kind, pinch, { passive: false });
  }
};

// Without a network: a worker keeps this release (web/offline/sw.js). A site that still changes has no release, and a frame in somebody
// else's page leaves nothing behind.
const RELEASE = import.meta.url.match(/-([0-9a-f]{16})\.js$/)?.[1];
const CALM = 2_000, HOUR = 3_600_000;

// Nothing is taken from whoever waits for the page or its verdict, or pays for what is loaded.
const calmly = (does) => setTimeout(() => {
  if (document.querySelector(".loading") || part("stop-search")) return calmly(does);
  (globalThis.requestIdleCallback ?? setTimeout)(does);
}, CALM);

const keep = async () => {
  const workers = navigator.serviceWorker;
  workers.controller?.postMessage({ begun: RELEASE });
  const registration = await workers.register(new URL("./sw.js", import.meta.url));
  const look = () => registration.waiting && workers.controller && newer(registration);
  const watch = (worker) => worker?.addEventListener("statechange", look);
  look();
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  // A page that stays open for days asks whether there is another release when somebody comes back to it.
  let asked = performance.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || performance.now() - asked < HOUR) return;
    asked = performance.now();
    registration.update().catch(() => {});
  });
};

// A line in the corner, and what gives it a button. Nothing moves, and the page goes on as it is. It goes when it has been answered.
const corner = (name, words) => {
  const shut = make("button", { type: "button", className: "close", textContent: "\u00d7" });
  shut.setAttribute("aria-label", "Dismiss");
  const line = make("p", { className: "offer" }, words, shut);
  line.setAttribute("role", "status");
  line.dataset.testid = name;
  shut.addEventListener("click", () => line.remove());
  document.body.append(line);
  return (textContent, does) => {
    const button = make("button", { type: "button", textContent });
    button.addEventListener("click", () => {
      line.remove();
      does();
    });
    shut.before(button);
  };
};

// A newer release is here.
const newer = (registration) => {
  if (part("newer")) return;
  corner("newer", "A newer version of this page is here.")("Reload", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    // It may be in charge already.
    if (registration.waiting) registration.waiting.postMessage("switch"); else location.reload();
  });
};

// What is refused here, by the browser or by a policy, is no fault: the page needs none of it.
const offline = () => calmly(() => keep().catch(() => {}));

// The reader's own texts, so that a closed tab loses none of them: this browser keeps links to the latest few, by their names. Nobody
// else is told. Another site's frame keeps nothing, and what may not be kept is not.
const MINE = "mine", FEW = 5;
const mine = () => {
  try {
    return JSON.parse(localStorage.getItem(MINE)).filter(([name, link, tab]) => name && link && tab);
  } catch {
    return [];
  }
};
const keepMine = (all) => {
  try {
    if (all.length) localStorage.setItem(MINE, JSON.stringify(all)); else localStorage.removeItem(MINE);
  } catch { /* The storage is full, or there is none. */ }
};
// In two tabs, texts of one name are two works.
const tab = () => {
  try {
    return sessionStorage[MINE] ||= crypto.randomUUID?.() ?? `${Math.random()}`;
  } catch {
    return "";
  }
};
export const own = (name, link) => self === top && keepMine([[name, link, tab()], ...mine().filter(([there, , of]) => there !== name || of !== tab())].slice(0, FEW));

// Who comes back without a link is offered them.
const offer = () => {
  const all = mine();
  if (!all.length || location.hash.length > 1 || self !== top) return;
  const button = corner("mine", "This browser has your texts:");
  for (const [name, link] of all) button(name, () => location.hash = link);
  button("Forget them", () => keepMine([]));
  // Whoever does something else is in nobody's way any more; the next visit offers them again.
  document.addEventListener("click", ({ target }) => part("mine")?.contains(target) || part("mine")?.remove(), true);
};

// Whom to tell, and how long a text may be; nobody while the page shows something else.
export const begin = (told, longest) => {
  [hear, most] = [told, longest];
  if (begun) return;
  begun = true;
  if (RELEASE && self === top && !navigator.connection?.saveData) offline();
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, over);
  document.addEventListener("keydown", keys);
  document.addEventListener("click", ways);
  document.addEventListener("mousedown", keepFocus);
  addEventListener("resize", dock);
  document.addEventListener("visibilitychange", stay);
  // A diagram may come later: the finger that is put down first finds it.
  fingers();
  document.addEventListener("touchstart", fingers, { passive: true, capture: true });
  addEventListener("resize", () => presenting && (fit(), say()));
  if (document.querySelector(".presented")) present(true);
  offer();
};
