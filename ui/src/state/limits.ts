import { perLocale } from "../strings/language.svelte";

/** A limit as a person writes it, in megabytes a second; an empty field is no limit. */
const MEGA = 1_000_000;

/** Two digits behind the comma or point at most: three could mean thousands. */
const readable = /^\d{1,6}(?:[.,]\d{1,2})?$/;

/** Bytes a second, `null` for no limit, or that it cannot be understood. */
export function parsed(text: string): number | null | "unclear" {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (!readable.test(trimmed)) return "unclear";
  const bytes = Math.round(Number(trimmed.replace(",", ".")) * MEGA);
  return bytes > 0 ? bytes : "unclear";
}

const written = perLocale(
  (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: false }),
);

/** What the field shows for a limit. */
export const shown = (limit: number | null): string =>
  limit === null ? "" : written().format(Math.max(0.01, limit / MEGA));

/** What is meant by a field: a limit that was left as it was shown stays exactly what it is. */
export const meant = (text: string, limit: number | null): number | null | "unclear" =>
  text.trim() === shown(limit) ? limit : parsed(text);
