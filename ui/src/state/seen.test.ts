import { expect, test } from "vitest";
import { Seen, TELL_AT_MOST_EVERY } from "./seen";

test("the first sign is told on, the next only after a while", () => {
  const seen = new Seen();
  expect(seen.tells(5)).toBe(true);
  expect(seen.tells(6)).toBe(false);
  expect(seen.tells(4 + TELL_AT_MOST_EVERY)).toBe(false);
  expect(seen.tells(5 + TELL_AT_MOST_EVERY)).toBe(true);
});
