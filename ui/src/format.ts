/** Numbers, sizes and times as the locale of the shown language writes them. */
import { locale, perLocale } from "./strings/language.svelte";

const numbers = (options?: Intl.NumberFormatOptions) =>
  perLocale((locale) => new Intl.NumberFormat(locale, options));
const dates = (options: Intl.DateTimeFormatOptions) =>
  perLocale((locale) => new Intl.DateTimeFormat(locale, options));

const plain = numbers();
const clockSeconds = numbers({ minimumIntegerDigits: 2 });

const units = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export const number = (value: number): string => plain().format(value);

/** Decimal units, three digits at most: 96 kB, 1.2 MB, 2.41 GB. */
export function size(bytes: number): string {
  return scaled(bytes, "", "byte");
}

export function speed(bytesPerSecond: number): string {
  return scaled(bytesPerSecond, "-per-second", "byte");
}

function scaled(bytes: number, per: string, smallest: string): string {
  let value = bytes;
  let unit: string = smallest;
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  const large = unit === "gigabyte" || unit === "terabyte";
  const digits = unit === smallest || value >= 99.5 ? 0 : large && value < 9.95 ? 2 : 1;
  return inUnit(unit + per, digits).format(value);
}

const formats = new Map<string, Intl.NumberFormat>();

function inUnit(unit: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale()} ${unit} ${maximumFractionDigits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), {
      style: "unit",
      unit,
      unitDisplay: unit === "byte" ? "long" : "short",
      maximumFractionDigits,
    });
    formats.set(key, format);
  }
  return format;
}

/** 0:14, 12:05, 1:02:33. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = clockSeconds().format(whole % 60);
  if (hours > 0) return `${plain().format(hours)}:${clockSeconds().format(minutes)}:${rest}`;
  return `${plain().format(minutes)}:${rest}`;
}

const inSeconds = numbers({
  style: "unit",
  unit: "second",
  unitDisplay: "short",
  maximumSignificantDigits: 2,
});

/** A time span in two digits of seconds; from a minute on as `duration`. */
export const seconds = (ms: number): string =>
  ms < 60_000 ? inSeconds().format(ms / 1000) : duration(ms / 1000);

const time = dates({ hour: "2-digit", minute: "2-digit" });
const dayOfYear = dates({ day: "numeric", month: "short" });
const year = dates({
  day: "numeric",
  month: "short",
  year: "numeric",
});
const full = dates({ dateStyle: "medium", timeStyle: "short" });

/** Short enough for a column: the time today, the day this year, else with the year. */
export function when(ms: number, now = Date.now()): string {
  const date = new Date(ms);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return time().format(date);
  return (date.getFullYear() === today.getFullYear() ? dayOfYear : year)().format(date);
}

const dayOfWeek = dates({
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** A calendar day, such as `2026-11-26`, which is the same wherever it is read. */
export const day = (date: string): string => dayOfWeek().format(new Date(`${date}T00:00:00Z`));

const clock = dates({ timeStyle: "medium" });

/** The time of a day, to the second. */
export const timeOfDay = (ms: number): string => clock().format(new Date(ms));

export const moment = (ms: number): string => full().format(new Date(ms));

/**
 * A service that knows a file by its sealed name says that; its beginning is enough to tell it by.
 */
const sealed = /pv1\.[\w-]{12,}/g;
export const withShortNames = (text: string): string =>
  text.replace(sealed, (name) => `${name.slice(0, 12)}…`);

/** Where it is known which file is meant, it has its own name. */
export const withName = (text: string, name: string): string => text.replace(sealed, () => name);

const relativeDay = perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
const DAY_MS = 86_400_000;

/** The day, for a column: today, yesterday, the day this year, else with the year. */
export function dayOf(ms: number, now = Date.now()): string {
  const date = new Date(ms);
  const today = new Date(now);
  const midnight = (of: Date) => Date.UTC(of.getFullYear(), of.getMonth(), of.getDate());
  const days = Math.round((midnight(date) - midnight(today)) / DAY_MS);
  if (days === 0 || days === -1) return relativeDay().format(days, "day");
  return (date.getFullYear() === today.getFullYear() ? dayOfYear : year)().format(date);
}
