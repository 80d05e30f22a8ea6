import { expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";
import type { Catalogue } from "./language.svelte";

/** Words that the product has other words for. */
const LEFT_OVER = new RegExp(
  [
    "\\bseal(s|ed|ing)?\\b",
    "\\bcontexts?\\b",
    "\\bh[eo]ld(s|ing)?\\b",
    "\\bgone\\b",
    "not known|unclear",
    "\\b(let|lets) in\\b",
    "one-time word|told once|good for|they differ|does not tell|no entry is like|put away",
    "the service took|is at it|nobody did|not understood|by force|hand(s|ed)? out|\\bbring\\b",
  ].join("|"),
  "i",
);
const MOST_WORDS = 20;

/** Says once what the service calls a label. */
const EXPLAINS = "bar.contextNote";

const textsOf = (catalogue: Catalogue) =>
  Object.entries(catalogue).flatMap(([phrase, entry]) =>
    (typeof entry === "string" ? [entry] : Object.values(entry)).map(
      (text) => [phrase, text] as const,
    ),
  );

test("every text says the product's own words", () => {
  const leftOver = textsOf(en).filter(([, text]) => LEFT_OVER.test(text.replace(/\{\w+\}/g, "")));
  expect(leftOver.filter(([phrase]) => phrase !== EXPLAINS)).toEqual([]);
});

test.each([
  ["English", en],
  ["German", de],
])("a sentence of the %s texts has fewer than twenty words", (_, catalogue) => {
  const sentences = textsOf(catalogue).flatMap(([phrase, text]) =>
    text.split(/(?<=[.!?:])\s+/).map((sentence) => [phrase, sentence] as const),
  );
  expect(sentences.filter(([, sentence]) => sentence.split(/\s+/).length >= MOST_WORDS)).toEqual(
    [],
  );
});
