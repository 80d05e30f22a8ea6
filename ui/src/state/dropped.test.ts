import { expect, test } from "vitest";
import { carried } from "./dropped";

test.each([
  [{ count: 4, folders: 1 }, "3 files and 1 folder"],
  [{ count: 1, folders: 0 }, "1 file"],
  [{ count: 2, folders: 2 }, "2 folders"],
  [{ count: 0, folders: 0 }, "Dragged items"],
])("%o is told as %s", (dragged, words) => {
  expect(carried(dragged)).toBe(words);
});
