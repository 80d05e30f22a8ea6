import { t, type Phrase } from ".";

/** Keys that a keyboard of another language has other words on. */
const named: readonly (readonly [name: string, phrase: Phrase])[] = [
  ["Ctrl", "key.control"],
  ["Shift", "key.shift"],
  ["Page Up", "key.pageUp"],
  ["Page Down", "key.pageDown"],
  ["Home", "key.home"],
  ["End", "key.end"],
  ["Enter", "key.enter"],
  ["Space", "key.space"],
  ["Backspace", "key.backspace"],
  ["Delete", "key.delete"],
  ["Menu", "key.menu"],
];

/** A shortcut such as `Ctrl Space`, as it stands on the keyboard. */
export const keyWords = (keys: string): string =>
  named.reduce(
    (words, [name, phrase]) => words.replace(new RegExp(`(?<!\\S)${name}(?!\\S)`), t(phrase)),
    keys,
  );
