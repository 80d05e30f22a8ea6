import { expect, test } from "vitest";
import { keptInView, scrollTo, windowOf } from "./window";

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

test.each<[what: string, at: number, scrollTop: number, before: number, now: number, to: number]>([
  ["a row that the shorter list would cut off comes into view", 12, 0, 600, 80, 440],
  ["a row that is still in view does not move", 1, 0, 600, 80, 0],
  ["a row that was in view in part only comes into view", 10, 0, 410, 80, 360],
  ["a row that was scrolled away from stays away, below", 40, 0, 600, 80, 0],
  ["a row that was scrolled away from stays away, above", 3, 400, 600, 80, 400],
  ["without a row nothing moves", -1, 400, 600, 80, 400],
  ["a list with room for one row shows it", 12, 0, 600, 40, 480],
])("%s", (_, at, scrollTop, before, now, to) => {
  expect(keptInView(at, scrollTop, before, now, 40)).toBe(to);
});
