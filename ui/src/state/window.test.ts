import { expect, test } from "vitest";
import { scrollTo, windowOf } from "./window";

test("draws a handful of rows whatever the number of files", () => {
  const { first, last } = windowOf(2_000_000, 600, 40, 100_000);
  expect(first).toBe(50_000 - 8);
  expect(last - first).toBeLessThan(40);
});

test("stays inside the list at both ends", () => {
  expect(windowOf(0, 600, 40, 100_000).first).toBe(0);
  expect(windowOf(3_999_400, 600, 40, 100_000).last).toBe(99_999);
  expect(windowOf(9_000, 600, 40, 3)).toEqual({ first: 0, last: 2 });
});

test("draws nothing for no files", () => {
  const { first, last } = windowOf(0, 600, 40, 0);
  expect(last).toBeLessThan(first);
});

test("scrolls only as far as needed", () => {
  expect(scrollTo(5, 0, 400, 40)).toBe(0);
  expect(scrollTo(20, 0, 400, 40)).toBe(440);
  expect(scrollTo(2, 400, 400, 40)).toBe(80);
});
