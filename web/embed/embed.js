// <tlb-scope>: a laboratory of TLB coherence in somebody else's page.
//
//   <script src="https://HOST/embed.js" async></script>
//   <tlb-scope src="https://HOST/#1.LINK" show="switches verdict stage">
//     <p>What is to be seen, and <a href="https://HOST/#1.LINK">where</a>.</p>
//     <p slot="caption">A caption.</p>
//   </tlb-scope>
//
// What the author writes inside is what readers see without this script, in feeds, and until they start the laboratory. It then
// runs in a sandboxed frame in the place of that; what stands in the slot "caption" stays. The page around drives it by the
// methods of the element and hears from it by events. docs/embedding.md has all attributes, methods, events and messages.
(() => {
  const VERSION = 1, LOWEST = 60, HIGHEST = 6000, PATIENCE = 15_000;
  const SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
  const PARTS = ["switches", "verdict", "stage", "timeline", "caption", "code"];
  const TOLD = ["moment", "verdict", "settings"];

  // Adopted, since the page around may forbid styles in its markup.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; position: relative; }
    :host([hidden]) { display: none; }
    iframe { display: block; width: 100%; border: 0; }
    iframe.coming { position: absolute; inset: 0; height: 100%; visibility: hidden; }
    button { display: block; margin: 8px 0; padding: 8px 16px; border: 1px solid; border-radius: 6px; background: none; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
    button::before { content: "\\25B6\\FE0E"; margin-inline-end: 8px; }
    button:disabled { cursor: progress; opacity: 0.7; }
    [hidden] { display: none; }
  `);

  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  class TlbScope extends HTMLElement {
    static observedAttributes = ["src", "theme"];
    #before = make("slot", {});
    #button = make("button", { type: "button", textContent: "Run it here" });
    #place = make("div", {});
    #frame; #port; #seen; #clock;
    #ready = false;
    #asked = new Map();
    #number = 0;
    #waiting = [];
    #last = {};
    #hear = (event) => this.#heard(event);

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#button.part = "run";
      this.#button.addEventListener("click", () => this.run());
      root.append(this.#before, this.#button, this.#place, make("slot", { name: "caption" }));
    }

    connectedCallback() {
      addEventListener("message", this.#hear);
      const start = this.getAttribute("start");
      if (start === "now") this.run();
      if (start === "view") {
        this.#seen = new IntersectionObserver((all) => all.some((one) => one.isIntersecting) && this.run());
        this.#seen.observe(this);
      }
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      this.stop();
    }

    attributeChangedCallback(name, was, is) {
      if (!this.#frame || was === is) return;
      if (name === "theme") this.#ask({ kind: "theme", theme: this.#theme ?? "auto" }).catch(() => {});
      else {
        this.stop();
        this.run();
      }
    }

    // What was told last, or nothing.
    get moment() { return this.#last.moment; }
    get verdict() { return this.#last.verdict; }
    get settings() { return this.#last.settings; }
    get running() { return this.#ready; }

    seek(step) { return this.#ask({ kind: "seek", step }); }
    forward() { return this.#ask({ kind: "forward" }); }
    back() { return this.#ask({ kind: "back" }); }
    play() { return this.#ask({ kind: "play" }); }
    pause() { return this.#ask({ kind: "pause" }); }
    show() { return this.#ask({ kind: "show" }); }
    option(name, choice) { return this.#ask({ kind: "option", name, choice }); }
    case(name) { return this.#ask({ kind: "case", name }); }
    open(link) { return this.#ask({ kind: "open", link }); }

    get #theme() {
      const theme = this.getAttribute("theme");
      return ["light", "dark"].includes(theme) ? theme : undefined;
    }

    // The address of the frame: the link's, with what the author has chosen. Nothing if that is no address of a page.
    #address() {
      let address;
      try {
        address = new URL(this.getAttribute("src") ?? "", document.baseURI);
      } catch {
        return undefined;
      }
      if (!["http:", "https:"].includes(address.protocol)) return undefined;
      const words = (this.getAttribute("show") ?? "").split(/[\s,]+/).filter(Boolean);
      const wrong = words.filter((word) => !PARTS.includes(word));
      if (wrong.length) console.warn(`<tlb-scope show> has no part ${wrong.join(", ")}. Its parts are: ${PARTS.join(", ")}.`);
      const query = ["embed"];
      if (words.length) query.push(`show=${words.map(encodeURIComponent).join(",")}`);
      if (this.#theme) query.push(`theme=${this.#theme}`);
      if (this.hasAttribute("step")) query.push(`step=${encodeURIComponent(this.getAttribute("step"))}`);
      for (const flag of ["autoplay", "locked", "bet"]) if (this.hasAttribute(flag)) query.push(flag);
      address.search = query.join("&");
      return address.href;
    }

    // Starts it, if it does not run.
    run() {
      this.#seen?.disconnect();
      if (this.#frame || !this.isConnected) return;
      const src = this.#address();
      if (!src) {
        this.#tell("refused", { reason: "The attribute src of <tlb-scope> is no http address." });
        return;
      }
      this.#button.disabled = true;
      this.#button.textContent = "Loading\u2026";
      this.#frame = make("iframe", { className: "coming", title: this.title || "TLBscope", referrerPolicy: "no-referrer", src });
      // A page that can't run says so in the frame itself. Without a network there is nothing in it: what the author wrote stays.
      this.#clock = setTimeout(() => this.#unveil(false), PATIENCE);
      this.#frame.setAttribute("sandbox", SANDBOX);
      this.#place.append(this.#frame);
    }

    // Ends it: what the author wrote is there again.
    stop() {
      this.#seen?.disconnect();
      clearTimeout(this.#clock);
      this.#port?.close();
      this.#frame?.remove();
      this.#frame = this.#port = undefined;
      this.#ready = false;
      this.#last = {};
      for (const { no } of this.#asked.values()) no(new Error("The embed was stopped."));
      this.#asked.clear();
      this.#waiting = [];
      this.#before.hidden = this.#button.hidden = this.#button.disabled = false;
      this.#button.textContent = "Run it here";
    }

    #unveil(works) {
      clearTimeout(this.#clock);
      this.#before.hidden = works;
      if (!this.#frame?.classList.contains("coming")) return;
      // Who has started it by keyboard goes on from there.
      const focused = this.shadowRoot.activeElement === this.#button;
      this.#frame.className = "";
      this.#frame.style.height ||= "600px";
      this.#button.hidden = true;
      if (focused) this.#frame.focus();
    }

    // Messages to the window: only those of the own frame count.
    #heard(event) {
      const said = event.data;
      if (!this.#frame || event.source !== this.#frame.contentWindow || typeof said !== "object" || !said) return;
      if (said.tlbscope === "height" && Number.isFinite(said.height)) {
        this.#frame.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(said.height)))}px`;
      }
      if (said.tlbscope === "ready") this.#connect();
    }

    #connect() {
      this.#port?.close();
      const channel = new MessageChannel();
      this.#port = channel.port1;
      this.#port.onmessage = (event) => this.#told(event.data);
      // A sandboxed frame has no origin that could be named. The message holds no secret.
      this.#frame.contentWindow.postMessage({ tlbscope: "connect", version: VERSION }, "*", [channel.port2]);
    }

    #told(said) {
      if (typeof said !== "object" || !said) return;
      const { kind, id, ...fields } = said;
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (kind === "ready") {
        this.#ready = true;
        this.#unveil(true);
        for (const message of this.#waiting.splice(0)) this.#port.postMessage(message);
        this.#tell("ready", fields);
      } else if (kind === "done") asked?.yes();
      else if (kind === "refused") {
        if (asked) asked.no(new Error(String(fields.reason)));
        else this.#tell("refused", fields);
      } else if (TOLD.includes(kind)) {
        this.#last[kind] = Object.freeze(fields);
        this.#tell(kind, this.#last[kind]);
      }
    }

    #tell(kind, detail) {
      this.dispatchEvent(new CustomEvent(kind, { detail }));
    }

    // Asks the embed, and starts it first if need be. It waits until the embed is there.
    #ask(message) {
      this.run();
      if (!this.#frame) return Promise.reject(new Error("The embed does not run."));
      const id = ++this.#number;
      return new Promise((yes, no) => {
        // What can't be sent is refused by this, and awaited by nobody.
        if (this.#ready) this.#port.postMessage({ ...message, id });
        else this.#waiting.push(structuredClone({ ...message, id }));
        this.#asked.set(id, { yes, no });
      });
    }
  }

  if (!customElements.get("tlb-scope")) customElements.define("tlb-scope", TlbScope);
})();
