import { expect, test } from "vitest";
import { beginningWith, fitted, tidy, type MenuItem } from "./menu";

const act = (id: string): MenuItem => ({ id, label: id, onpress: () => {} });

test("lines neither begin nor end a menu, nor follow each other", () => {
  const menu = tidy(["line", act("a"), "line", "line", act("b"), "line"]);
  expect(menu.map((item) => (item === "line" ? "-" : item.id))).toEqual(["a", "-", "b"]);
});

test("typing goes to the next item that begins so, and round to the first", () => {
  const labels = ["Open", "Save as…", "Save to Downloads"];
  expect(beginningWith(labels, "s", 0)).toBe(1);
  expect(beginningWith(labels, "s", 1)).toBe(2);
  expect(beginningWith(labels, "S", 2)).toBe(1);
  expect(beginningWith(labels, "x", 0)).toBeNull();
});

test("a menu stays within the window", () => {
  const room = { width: 720, height: 480 };
  expect(fitted({ x: 700, y: 470 }, { width: 200, height: 300 }, room)).toEqual({ x: 516, y: 176 });
  expect(fitted({ x: 10, y: 20 }, { width: 200, height: 300 }, room)).toEqual({ x: 10, y: 20 });
});
