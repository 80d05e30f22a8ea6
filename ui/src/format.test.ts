import { expect, test } from "vitest";
import { duration, size, when, withShortNames } from "./format";
import { t } from "./strings";

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
