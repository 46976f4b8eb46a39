// The choices in the two dialogs that give something away: a link in several forms, and the markup of an embed.
//
// It comes when a dialog opens. The dialog has a text field with something to copy, which works without this file; each choice
// here writes another text into it. The page says what there is to tell (`facts`, web/src/browser/share.rs).
import { encode } from "uqr";
import { control, figure } from "./figure.js";
import { list, make, one, tick } from "./parts.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  .sharing { display: grid; gap: 12px; margin-top: 12px; }
  .sharing:empty { display: none; }
  .sharing fieldset { display: flex; flex-wrap: wrap; gap: 4px 16px; min-width: 0; }
  .sharing legend { margin-bottom: 4px; font-weight: 600; }
  .sharing label { display: inline-flex; align-items: center; gap: 6px; min-height: 28px; }
  .sharing select, .sharing input:not([type]) { min-height: 32px; padding: 4px 8px; border: 1px solid var(--rule-2); border-radius: var(--round); background: var(--sheet); color: var(--ink); font: inherit; max-width: 100%; }
  .sharing .wide { flex: 1 1 100%; }
  .sharing .wide input { flex: 1; min-width: 0; }
  .sharing .ways { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
  .sharing button { border-color: var(--rule-2); }
  .sharing button:hover { background: var(--sunken); }
  .sharing .characters { color: var(--ink-2); font-size: 0.8125rem; }
  .sharing .qr { width: min(200px, 100%); height: auto; background: #fff; border-radius: 6px; }
  .sharing .preview { max-width: 100%; justify-self: start; padding: 8px; border: 1px dashed var(--rule-2); border-radius: 6px; overflow: auto; }
`);

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
// What would be markup of Markdown, in a name.
const plain = (text) => text.replace(/[\\`*_[\]<>&~|]/g, "\\$&");

const SVG = "http://www.w3.org/2000/svg";
// With the quiet zone that readers of such codes need.
const QUIET = 4;

// The code as a picture; nothing if the text is longer than any code holds.
const picture = (text) => {
  let code;
  try {
    code = encode(text, { ecc: "L", border: QUIET });
  } catch {
    return undefined;
  }
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the link");
  svg.dataset.testid = "qr";
  const path = document.createElementNS(SVG, "path");
  const dark = code.data.flatMap((row, y) => row.flatMap((on, x) => on ? [`M${x} ${y}h1v1h-1z`] : []));
  path.setAttribute("d", dark.join(""));
  path.setAttribute("fill", "#000");
  svg.append(path);
  return svg;
};

const address = (facts, link) => `${facts.page}#${link}`;

// A link: where it leads, and how it is written.
const share = (place, facts, write) => {
  const name = `${facts.title} on ${facts.kernel}`;
  const claim = facts.verdict ? ` ${facts.verdict}` : "";
  const forms = {
    link: (to) => to,
    markdown: (to) => `[${plain(name)}](${to}):${plain(claim) || " a laboratory of TLB coherence."}`,
    html: (to) => `<a href="${escaped(to)}">${escaped(name)}</a>`,
    citation: (to) => `TLBscope: \u201c${facts.title}\u201d on ${facts.kernel}.${claim} Model version ${facts.model}. ${to}`,
  };
  const count = make("p", { className: "characters", id: "link-length" });
  const code = make("div", {});
  const update = () => {
    const to = address(facts, facts[leads()]);
    const text = forms[form()](to);
    write(text);
    count.textContent = `The address has ${to.length} characters.`;
    code.replaceChildren(picture(to) ?? make("p", { textContent: "The link is too long for a QR code." }));
  };
  const where = [["now", "This moment of the run"], ["start", "The run, from its beginning"], ["texts", "Texts and settings, without the run"]];
  const [places, leads] = one("leads", "The link opens", where.filter(([key]) => facts[key]), update);
  const [written, form] = one("form", "Written as", [["link", "Link"], ["markdown", "Markdown"], ["html", "HTML"], ["citation", "Citation"]], update);
  place.append(places, written, make("div", { className: "ways" }, count));
  if (navigator.share) {
    const button = make("button", { type: "button", id: "system-share", textContent: "Send it\u2026" });
    // Whoever shuts the system's sheet has not failed.
    button.addEventListener("click", () => navigator.share({ title: name, text: claim.trim(), url: address(facts, facts[leads()]) }).catch(() => {}));
    place.querySelector(".ways").append(button);
  }
  place.append(make("details", {}, make("summary", { textContent: "QR code" }), code));
  place.parentNode.querySelector(".besides").replaceChildren(...figure(facts.title, () => facts[leads()]));
  update();
};

// The parts of an embed, as crates/lab/src/model/embed.rs names them, and whether one has them where its author says nothing.
const PIECES = [["switches", "Switches", true], ["verdict", "Verdict", true], ["stage", "Machine", true], ["timeline", "Timeline", false], ["caption", "Sentence", true], ["code", "Text", false]];
const WIDTHS = [320, 500, 700];

// About how high a frame has to be in a column of text: it has taller cards there than a wide page.
const tall = () => Math.min(1600, Math.max(480, Math.round((document.querySelector(".stage")?.scrollHeight || 475) * 1.2 + 330)));

const embed = (place, facts, write) => {
  const update = () => {
    write(form() === "frame" ? frame() : element());
    if (shown.firstChild) preview();
  };
  const pieces = PIECES.map(([name, words, usual]) => [name, ...tick(`piece-${name}`, words, usual, update)]);
  const [starts, start] = list("start-at", "Starts", [["click", "at a click"], ["view", "when it comes into view"], ["now", "at once"]], update);
  const [themes, theme] = list("theme", "Colours", [["", "of the page around"], ["light", "light"], ["dark", "dark"]], update);
  const [begins, beginning] = tick("from-start", "Begins at step 0", false, update);
  const [plays, autoplay] = tick("autoplay", "Plays by itself", false, update);
  const [locks, locked] = tick("locked", "Switches are locked", false, update);
  const [bets, bet] = tick("bet", "The reader bets before the verdict", false, update);
  const [forms, form] = one("form", "Markup", [["element", "With embed.js"], ["frame", "A frame, without a script"]], update);
  const caption = make("input", { id: "embed-caption", autocomplete: "off" });
  caption.addEventListener("input", update);

  // What the author has chosen, as attributes: those of the element are the parameters of the frame's address.
  const chosen = () => {
    const all = [["show", pieces.filter(([, , on]) => on()).map(([name]) => name).join(" ")]];
    if (theme()) all.push(["theme", theme()]);
    if (beginning()) all.push(["step", "0"]);
    for (const [name, on] of [["autoplay", autoplay], ["locked", locked], ["bet", bet]]) if (on()) all.push([name, ""]);
    return all;
  };
  const to = address(facts, facts.embedded), name = `${facts.title} on ${facts.kernel}`;
  const element = () => {
    const all = [["src", to], ["title", facts.title], ...chosen()];
    if (start() !== "click") all.push(["start", start()]);
    const attributes = all.map(([name, value]) => value ? `${name}="${escaped(value)}"` : name).join(" ");
    const words = caption.value ? `${escaped(caption.value)} ` : "";
    return [
      `<script src="${escaped(new URL("./embed.js", facts.page).href)}" async></script>`,
      `<tlb-scope ${attributes}>`,
      "  <figure>",
      `    <p>${escaped(facts.verdict || `${name}.`)}</p>`,
      ...(facts.sentence ? [`    <p>${escaped(facts.sentence)}</p>`] : []),
      `    <p><a href="${escaped(to)}">Open it in TLBscope</a></p>`,
      "  </figure>",
      `  <p slot="caption">${words}Made with <a href="${escaped(facts.page)}">TLBscope</a>.</p>`,
      "</tlb-scope>",
    ].join("\n");
  };
  const frame = () => {
    const query = ["embed", ...chosen().map(([name, value]) => value ? `${name}=${value.split(" ").join(",")}` : name)].join("&");
    return `<iframe src="${escaped(`${facts.page}?${query}#${facts.embedded}`)}" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" ` +
      `title="${escaped(facts.title)}" loading="lazy" style="width:100%;height:${tall()}px;border:0"></iframe>`;
  };

  const shown = make("div", { className: "preview", hidden: true, id: "preview" });
  let wide = WIDTHS[0];
  const preview = async (width) => {
    shown.hidden = false;
    try {
      await import(new URL("./embed.js", facts.page).href);
    } catch (why) {
      shown.setAttribute("role", "alert");
      return shown.replaceChildren(`There is no preview: ${why?.message ?? why}. Try it again.`);
    }
    const made = make("tlb-scope", { title: `${facts.title}, preview` });
    for (const [name, value] of [["src", to], ...chosen(), ["start", "now"]]) made.setAttribute(name, value);
    if (width) wide = width;
    made.style.width = `${wide}px`;
    shown.replaceChildren(made);
  };
  const widths = WIDTHS.map((width) => {
    const button = make("button", { type: "button", id: `preview-${width}`, textContent: `${width} px` });
    button.addEventListener("click", () => preview(width));
    return button;
  });
  place.append(
    make("fieldset", {}, make("legend", { textContent: "It shows" }), ...pieces.map(([, label]) => label)),
    make("fieldset", {}, make("legend", { textContent: "How it begins" }), starts, themes, begins, plays, locks, bets),
    make("label", { className: "wide" }, "Caption", caption),
    forms,
    make("div", { className: "ways" }, make("span", { textContent: "Preview, as wide as" }), ...widths),
    shown,
  );
  update();
};

// Fills a place in a dialog. `field` has what is copied.
export { control };

export const open = (place, field, kind, facts) => {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  // The page hears of it as of what somebody writes.
  const write = (text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  place.replaceChildren();
  ({ share, embed })[kind](place, JSON.parse(facts), write);
};
