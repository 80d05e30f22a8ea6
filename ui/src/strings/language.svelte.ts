/** Which language the page speaks. Whatever shows a text follows when it changes. */
import type { Language } from "../types";
import { de } from "./de";
import { en } from "./en";

/** Texts with the keys of a part of the English ones: none is missing and none is left over. */
export type Translation<Part> = {
  readonly [Key in keyof Part]: Part[Key] extends string ? string : Plural;
};
/** A language is a folder of files of this shape. */
export type Catalogue = Translation<typeof en>;
export type Plural = { readonly one: string; readonly other: string };
export type Phrase = keyof Catalogue;

type Spoken = { readonly catalogue: Catalogue; readonly locale: string };

const catalogues: Record<Language, Catalogue> = { en, de };
export const languages = Object.keys(catalogues) as Language[];

/** The system's own variant of the language where it has one: Austria writes numbers its own way. */
const localeOf = (language: string): string =>
  navigator.languages.find((locale) => locale.split("-")[0] === language) ?? language;

/** What the system speaks, until the settings are known. */
const first = languages.find((each) => navigator.language.split("-")[0] === each) ?? "en";
let spoken = $state.raw<Spoken>({ catalogue: catalogues[first], locale: localeOf(first) });
document.documentElement.lang = first;

export const catalogue = (): Catalogue => spoken.catalogue;
export const locale = (): string => spoken.locale;

export const speak = (language: Language): void =>
  speakIn(catalogues[language], localeOf(language), language);

/** Also for catalogues that only tests have. */
export function speakIn(catalogue: Catalogue, locale: string, language: string): void {
  if (spoken.catalogue !== catalogue || spoken.locale !== locale) spoken = { catalogue, locale };
  document.documentElement.lang = language;
}

/** One formatter per locale: making one is slow. */
export function perLocale<Formatter>(make: (locale: string) => Formatter): () => Formatter {
  const made: Record<string, Formatter> = {};
  return () => (made[spoken.locale] ??= make(spoken.locale));
}
