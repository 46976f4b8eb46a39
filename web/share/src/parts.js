// What the dialogs are made of.

export const make = (tag, properties = {}, ...inside) => {
  const made = document.createElement(tag);
  const { id, ...rest } = properties;
  if (id) made.dataset.testid = id;
  Object.assign(made, rest);
  made.append(...inside);
  return made;
};

// One of several: a group of radio buttons.
export const one = (name, title, all, changed) => {
  const choice = ([value, words], number) => make("label", {}, make("input", { type: "radio", name, value, checked: number === 0, id: `${name}-${value}` }), words);
  const set = make("fieldset", {}, make("legend", { textContent: title }), ...all.map(choice));
  set.addEventListener("change", changed);
  return [set, () => set.querySelector(":checked").value];
};

export const tick = (id, words, checked, changed) => {
  const box = make("input", { type: "checkbox", id, checked });
  box.addEventListener("change", changed);
  return [make("label", {}, box, words), () => box.checked];
};

export const list = (id, title, all, changed) => {
  const menu = make("select", { id }, ...all.map(([value, words]) => make("option", { value, textContent: words })));
  menu.addEventListener("change", changed);
  return [make("label", {}, title, menu), () => menu.value];
};
