// The editor of the texts. It is a file of its own, which the page asks for when somebody begins to write (web/boot.js).
//
// It knows no language. Colours and messages come from the page, whose wasm has the compiler: each module here has one thing to
// show, and asks `ask` or is told by the page through the field (field.js). Words to choose from, explanations, places and layout
// come from a second wasm, which is loaded after this file (prompter.js). What is said of places counts units of UTF-16, as the
// browser does, and lines from 1.
//
//   sheets.js    style sheets that a strict content-security policy allows
//   look.js      what the editor looks like: the page's colours and sizes
//   field.js     the field itself, as the page handles it
//   carry.js     from the plain field to this one, in the middle of a word
//   kept.js      what was done, to be undone later
//   words.js     the words' colours
//   named.js     words of the language that are names
//   remarks.js   what the compiler says, under the words and at the edge
//   follow.js    how the view follows the caret
//   cpus.js      where the CPUs are
//   stops.js     lines at which the run stops
//   changed.js   lines that differ from the library's text
//   brackets.js  what closes by itself
//   lit.js       the line that belongs to the step that is pointed at
//   prompter.js  the second wasm, and the texts that it is asked about
//   complete.js  words to choose from
//   fit.js       which of them go on as what is typed
//   called.js    the brackets of a function that is chosen
//   explain.js   what a word means
//   places.js    where a name is declared, and where it stands
//   layout.js    indents, and the language's own layout
//   tools.js     the same as buttons
//   find.js      finding while one types
//   keys.js      what the keys do

export { open } from "./field.js";
