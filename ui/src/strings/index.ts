import { number } from "../format";
import { isolated } from "./isolated";
import { catalogue, perLocale, type Phrase, type Plural } from "./language.svelte";

export type { Catalogue, Phrase, Plural } from "./language.svelte";
export type Values = Record<string, string | number>;

const plurals = perLocale((locale) => new Intl.PluralRules(locale));

/**
 * The words for `phrase`. With `count`, the plural form is chosen and `{number}` is the count in
 * the locale.
 */
export function t(phrase: Phrase, values: Values = {}, count?: number): string {
  const entry: string | Plural = catalogue()[phrase];
  const filled: Values = count === undefined ? values : { number: number(count), count, ...values };
  return fill(typeof entry === "string" ? entry : chosen(entry, count ?? 0), filled);
}

const chosen = (forms: Plural, count: number) =>
  plurals().select(count) === "one" ? forms.one : forms.other;

const fill = (text: string, values: Values) =>
  text.replace(/\{(\w+)\}/g, (whole, key: string) =>
    key in values ? isolated(String(values[key])) : whole,
  );

/** A phrase cut at its blanks, for what fills them with more than words: "Ask ", "{who}", " before ". */
export function pieces(phrase: Phrase): string[] {
  const entry: string | Plural = catalogue()[phrase];
  return (typeof entry === "string" ? entry : entry.other)
    .split(/(\{\w+\})/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
}
