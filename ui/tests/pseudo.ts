/** A language that nobody speaks: a text of the catalogue can be told from any other. */
import type { Catalogue, Plural } from "../src/strings/language.svelte";

const [FROM, TO] = ["abcdeghiklnorstuyzABCDEGIKLNORSTUYZ", "åƀçđéǧħïķľñöŕšţüýžÅƁÇĐÉǦÏĶĽÑÖŔŠŢÜÝŽ"];
const letters = new Map([...FROM].map((letter, at) => [letter, [...TO][at] ?? letter]));

/** What stands in {braces} is filled in, and stays. */
const accented = (text: string): string =>
  text
    .split(/(\{\w+\})/)
    .map((part, at) =>
      at % 2 ? part : [...part].map((each) => letters.get(each) ?? each).join(""),
    )
    .join("");

export const told = (text: string): string => `⟦${accented(text)}⟧`;

/** A catalogue of the same shape. */
export const pseudoOf = (en: Record<string, string | Plural>): Catalogue =>
  Object.fromEntries(
    Object.entries(en).map(([phrase, entry]) => [
      phrase,
      typeof entry === "string" ? told(entry) : { one: told(entry.one), other: told(entry.other) },
    ]),
  ) as Catalogue;
