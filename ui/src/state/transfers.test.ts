import { expect, test } from "vitest";
import { summary, transfer } from "../../tests/shell";
import { arranged, changed, empty, finished, fraction, read, troubled, unfinished } from "./transfers";

const queue = read({
  items: [transfer("a", { state: "done" }), transfer("b"), transfer("c", { state: "running" })],
  summary: summary(),
});

test("takes over what changed and forgets what was removed", () => {
  const next = changed(queue, {
    changed: [transfer("c", { state: "failed" }), transfer("d")],
    removed: ["a"],
    summary: summary({ waiting: 2, failed: 1 }),
  });
  expect([...next.items.keys()]).toEqual(["b", "c", "d"]);
  expect(next.summary.failed).toBe(1);
  expect(queue.items.size).toBe(3);
});

test("puts what needs attention first and what is over last", () => {
  const next = changed(queue, { changed: [transfer("e", { state: "notConfirmed" })], removed: [], summary: summary() });
  expect(arranged(next).map((item) => item.id)).toEqual(["e", "c", "b", "a"]);
});

test("counts what is unfinished, finished and in trouble", () => {
  expect([unfinished(queue), finished(queue), troubled(queue)]).toEqual([2, 1, 0]);
  expect(unfinished(empty)).toBe(0);
});

test("a share is between nothing and all, also of an empty file", () => {
  expect(fraction(50, 200)).toBe(0.25);
  expect(fraction(300, 200)).toBe(1);
  expect(fraction(0, 0)).toBe(0);
  expect(fraction(0, 0, true)).toBe(1);
});
