import { expect, test } from "vitest";
import { meaningOf, typedOn, typedRow, untyped, type Pressed } from "./keys";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});
const place = { cursor: 4, total: 10, perPage: 3 };

test("Backspace goes up and never deletes", () => {
  expect(meaningOf(press("Backspace"), place)).toEqual({ do: "up" });
  expect(meaningOf(press("Delete"), place)).toEqual({ do: "delete" });
});

test("the menu opens by its key, and by Shift F10", () => {
  expect(meaningOf(press("ContextMenu"), place)).toEqual({ do: "menu" });
  expect(meaningOf(press("F10", { shiftKey: true }), place)).toEqual({ do: "menu" });
  expect(meaningOf(press("F10"), place)).toBeNull();
});

test("Alt and a key is for the window", () => {
  expect(meaningOf(press("ArrowLeft", { altKey: true }), place)).toBeNull();
});

test("a letter is typed, a shortcut is not", () => {
  expect(meaningOf(press("h"), place)).toEqual({ do: "type", text: "h" });
  expect(meaningOf(press("k", { ctrlKey: true }), place)).toBeNull();
  expect(meaningOf(press("?"), place)).toBeNull();
});

const names = ["Blood test", "board-pack", "Harbour", "Insurance", "Harvest"];
const nameAt = (at: number) => names[at];

test("letters that are typed quickly make a word, and a pause begins anew", () => {
  const one = typedOn(untyped, "h", 10_000);
  const two = typedOn(one, "A", 10_400);
  expect(two.text).toBe("ha");
  expect(typedOn(two, "b", 12_000).text).toBe("b");
});

test("a word finds the row that begins so, and one letter again the next", () => {
  expect(typedRow("bo", 0, 5, nameAt)).toBe(1);
  expect(typedRow("h", 2, 5, nameAt)).toBe(4);
  expect(typedRow("hh", 4, 5, nameAt)).toBe(2);
  expect(typedRow("harv", 2, 5, nameAt)).toBe(4);
  expect(typedRow("z", 0, 5, nameAt)).toBeNull();
});
