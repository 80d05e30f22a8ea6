import { expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";
import type { Catalogue, Phrase } from "./language.svelte";

const phrases = Object.keys(en) as Phrase[];
const forms = (catalogue: Catalogue, phrase: Phrase): [form: string, text: string][] => {
  const entry = catalogue[phrase];
  return typeof entry === "string" ? [["", entry]] : Object.entries(entry);
};
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test("German has the phrases of English, and no others", () => {
  expect(Object.keys(de).sort()).toEqual([...phrases].sort());
});

test("every form is filled in German with what it is filled with in English", () => {
  const shape = (catalogue: Catalogue) =>
    phrases.map((phrase) => [
      phrase,
      forms(catalogue, phrase).map(([form, text]) => [form, placeholders(text)]),
    ]);
  expect(shape(de)).toEqual(shape(en));
});

/** Names, and words that German has from English. */
const SAME = new Set([
  ..."API|Audio|Code|Details|Download|Filter|Label|Label…|Labels|Name|Name…|Nonce".split("|"),
  ..."Offline|PDF|Passphrase|Privicore|Proxy|Status|Text|Token|Upload|Video|WebSocket".split("|"),
  ...["Details: ", "Status ", "Version ", "Limits…", "MB/s", "documents", " (optional)", "in "],
]);

test("no German text is the English one, except the words that are the same", () => {
  const same = phrases.filter((phrase) => {
    const english = forms(en, phrase).map(([, text]) => text);
    return forms(de, phrase).some(
      ([, text], at) =>
        text === english[at] &&
        /\p{L}/u.test(text.replace(/\{\w+\}/g, "")) &&
        !SAME.has(text.replace(/\{\w+\}/g, "")),
    );
  });
  expect(same).toEqual([]);
});

test("every word that is allowed to be the same is one that is", () => {
  const said = new Set(
    phrases.flatMap((phrase) => forms(de, phrase).map(([, text]) => text.replace(/\{\w+\}/g, ""))),
  );
  expect([...SAME].filter((word) => !said.has(word))).toEqual([]);
});

const every = phrases.flatMap((phrase) =>
  forms(de, phrase).map(([, text]) => [phrase, text] as const),
);

test("German quotes as German does", () => {
  expect(every.filter(([, text]) => /“[^“„]*”|[‘’]/.test(text))).toEqual([]);
  expect(
    every.filter(([, text]) => (text.match(/„/g) ?? []).length !== (text.match(/“/g) ?? []).length),
  ).toEqual([]);
});

test("German says Sie, and an ellipsis in one character", () => {
  expect(every.filter(([, text]) => /\b(du|dich|dir|dein\w*|bitte)\b|\.\.\./i.test(text))).toEqual(
    [],
  );
});
