import { expect, test } from "vitest";
import {
  dayOf,
  duration,
  moment,
  number,
  seconds,
  size,
  speed,
  when,
  withName,
  withShortNames,
} from "./format";
import { t } from "./strings";
import { speak } from "./strings/language.svelte";

test("sizes have a unit a person would choose", () => {
  expect(size(0)).toMatch(/^0 byte/);
  expect(size(96_000)).toBe("96 kB");
  expect(size(1_240_000)).toBe("1.2 MB");
  expect(size(2_410_000_000)).toBe("2.41 GB");
  expect(size(999_600)).toBe("1 MB");
});

test("a time left reads like a clock", () => {
  expect(duration(14)).toBe("0:14");
  expect(duration(725)).toBe("12:05");
  expect(duration(3753)).toBe("1:02:33");
});

test("today is a time and last year has a year", () => {
  const now = new Date(2026, 5, 15, 18, 0).getTime();
  expect(when(new Date(2026, 5, 15, 9, 5).getTime(), now)).toMatch(/09:05/);
  expect(when(new Date(2026, 1, 4).getTime(), now)).not.toMatch(/2026/);
  expect(when(new Date(2025, 1, 4).getTime(), now)).toMatch(/2025/);
});

test("words agree with their number", () => {
  expect(t("table.count", {}, 1)).toBe("1 file");
  expect(t("table.count", {}, 1284)).toBe("1,284 files");
  expect(t("empty.searchTitle", { search: "{x}" })).toBe("No file matches “{x}”");
});

test("a sealed name in a sentence is cut to its beginning", () => {
  expect(withShortNames("Hand out “pv1.a92bK7q22nm6cjJ7qJTJ6n_u-zEg0” of “documents”?")).toBe(
    "Hand out “pv1.a92bK7q2…” of “documents”?",
  );
  expect(withShortNames("Hand out “pv1.notes” of “documents”?")).toBe(
    "Hand out “pv1.notes” of “documents”?",
  );
});

/** `Intl` keeps a number and its unit in one line. */
const spaced = (text: string) => text.replace(/\u00a0/g, " ");

test("German writes numbers, sizes, speeds and days its own way", () => {
  speak("de");
  try {
    expect(number(12_345.5)).toBe("12.345,5");
    expect([0, 1_240_000, 2_410_000_000].map(size).map(spaced)).toEqual([
      "0 Byte",
      "1,2 MB",
      "2,41 GB",
    ]);
    expect(spaced(speed(2_500_000))).toBe("2,5 MB/s");
    expect(spaced(seconds(1500))).toMatch(/^1,5 Sek/);
    const now = new Date(2026, 5, 15, 18, 0).getTime();
    expect(dayOf(now, now)).toBe("heute");
    expect(dayOf(new Date(2026, 2, 4).getTime(), now)).toMatch(/^4\. März$/);
    expect(when(new Date(2025, 4, 4).getTime(), now)).toBe("4. Mai 2025");
    expect(moment(new Date(2026, 4, 4, 15, 5).getTime())).toBe("04.05.2026, 15:05");
    expect(t("table.count", {}, 1284)).toBe("1.284 Dateien");
  } finally {
    speak("en");
  }
});

test("where the file is known, its own name stands for the sealed one", () => {
  const question = "Hand out “pv1.a92bK7q22nm6cjJ7qJTJ6n_u-zEg0” of “documents”?";
  expect(withName(question, "deed $&.pdf")).toBe("Hand out “deed $&.pdf” of “documents”?");
});
