// Which words go on as what is typed: first those that begin with it, then those of which a part begins with it, as `next_pcid` has a
// part that begins with `pc`, then those that have it anywhere. Letters that are scattered over a word say nothing.

// How well a word goes on as what is typed: the less the better, and where in the word it stands; nothing if it does not.
const fits = (word, typed) => {
  if (word.startsWith(typed)) return [0, 0];
  const [inWord, sought] = [word.toLowerCase(), typed.toLowerCase()];
  if (inWord.startsWith(sought)) return [1, 0];
  const part = sought.length > 1 ? inWord.search(new RegExp(`[^a-z0-9]${sought.replace(/\W/g, "\\$&")}`)) : -1;
  if (part >= 0) return [2, part + 1];
  const anywhere = sought.length > 2 ? inWord.indexOf(sought) : -1;
  return anywhere >= 0 ? [3, anywhere] : undefined;
};

// The options that fit, the best first and else in their order; each knows which of its letters are typed.
export const fitting = (options, typed) =>
  options
    .flatMap((option) => {
      const fit = fits(option.label, typed);
      return fit ? [{ option, rank: fit[0], matched: [fit[1], fit[1] + typed.length] }] : [];
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ option, matched }) => Object.assign(option, { matched }));
