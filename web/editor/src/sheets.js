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

// The library asks for its rules to be in a document by this function, for all of them whenever one has come: later modules win over
// earlier ones.
StyleModule.mount = (root, modules) => {
  const all = [modules].flat();
  all.filter((module) => !sheets.has(module)).forEach((module) => sheets.set(module, sheet(module)));
  const ours = all.map((module) => sheets.get(module));
  const others = root.adoptedStyleSheets.filter((made) => !ours.includes(made));
  const wanted = [...others, ...ours];
  if (wanted.some((made, at) => made !== root.adoptedStyleSheets[at])) root.adoptedStyleSheets = wanted;
};
