/** A limit as a person writes it, in megabytes a second; an empty field is no limit. */
const MEGA = 1_000_000;

/** Two digits behind the comma or point at most: three could mean thousands. */
const written = /^\d{1,6}(?:[.,]\d{1,2})?$/;

/** Bytes a second, `null` for no limit, or that it cannot be understood. */
export function parsed(text: string): number | null | "unclear" {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (!written.test(trimmed)) return "unclear";
  const bytes = Math.round(Number(trimmed.replace(",", ".")) * MEGA);
  return bytes > 0 ? bytes : "unclear";
}

/** What the field shows for a limit. */
export const shown = (limit: number | null): string =>
  limit === null ? "" : String(Math.max(0.01, Math.round((limit / MEGA) * 100) / 100));

/** What is meant by a field: a limit that was left as it was shown stays exactly what it is. */
export const meant = (text: string, limit: number | null): number | null | "unclear" =>
  text.trim() === shown(limit) ? limit : parsed(text);
