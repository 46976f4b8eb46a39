// CodeMirror writes its rules into a `<style>`, which a strict content-security policy forbids (and a nonce needs a host that
// makes a new one for every visitor, where this site is a folder of files). The same rules are allowed as sheets that the
// document adopts.

import { StyleModule } from "style-mod";

const sheets = new Map();

const sheet = (module) => {
  const made = new CSSStyleSheet();
  made.replaceSync(module.getRules());
  return made;
};

// The library asks for its rules to be in a document by this function: later modules win over earlier ones.
StyleModule.mount = (root, modules) => {
  const fresh = [modules].flat().filter((module) => !sheets.has(module));
  fresh.forEach((module) => sheets.set(module, sheet(module)));
  const missing = [...sheets.values()].filter((made) => !root.adoptedStyleSheets.includes(made));
  if (missing.length > 0) root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...missing];
};
