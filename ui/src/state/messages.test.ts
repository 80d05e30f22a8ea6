import { expect, test } from "vitest";
import { begun, canUndo, ended, gone, secondsLeft, undoing } from "./deletions";
import { dismissed, lifetime, MOST, none, said } from "./notices";
import { progressOf } from "./keys";
import { missing, publicSandbox, thisMachine } from "./addresses";

const deletion = { id: "d", count: 1, files: 1, versions: 1, name: "a.txt", untilMs: 8000 };

test("a deletion can be undone until its time has passed", () => {
  const [pending] = begun([], deletion, "a.txt", 1000);
  if (!pending) throw new Error("no deletion");
  expect(secondsLeft(pending, 1000)).toBe(8);
  expect(secondsLeft(pending, 8900)).toBe(1);
  expect(canUndo(pending, 8999)).toBe(true);
  expect(canUndo(pending, 9000)).toBe(false);
});

test("a deletion goes when it was undone or has ended", () => {
  const all = begun(begun([], deletion, "a.txt", 0), { ...deletion, id: "e" }, "a.txt", 0);
  expect(undoing(all, "d", true)[0]?.undoing).toBe(true);
  expect(gone(all, "d").map(({ id }) => id)).toEqual(["e"]);
  expect(ended(all, { id: "unknown", error: null })).toHaveLength(2);
});

test("the same message is shown once, and only the latest few", () => {
  const notice = { kind: "error" as const, message: "Full.", hint: "" };
  expect(said(said(none, notice), notice).shown).toHaveLength(1);
  const many = Array.from({ length: 9 }, (_, i) => ({ ...notice, message: `${i}` })).reduce(
    said,
    none,
  );
  expect(many.shown).toHaveLength(MOST);
  expect(dismissed(many, many.shown[0]?.key ?? 0).shown).toHaveLength(MOST - 1);
});

test("one reason for many files is one message that names the newest and counts the others", () => {
  const notice = {
    kind: "error" as const,
    message: "The service cannot be reached.",
    hint: "Try again later.",
  };
  const about = ["Saving “a.pdf”", "Saving “b.pdf”", "Saving “a.pdf”"];
  const all = about.reduce((notices, each) => said(notices, { ...notice, about: each }), none);
  expect(all.shown).toHaveLength(1);
  expect(all.shown[0]).toMatchObject({ abouts: ["Saving “b.pdf”", "Saving “a.pdf”"], times: 3 });
  expect(said(all, { ...notice, kind: "warning" }).shown).toHaveLength(2);
});

test("errors stay longer than warnings, and both go", () => {
  expect(lifetime.error).toBeGreaterThan(lifetime.warning);
  expect(lifetime.error).toBeLessThan(60_000);
});

test("key making goes forward step by step", () => {
  expect(progressOf("engine", "recovery")).toBe("done");
  expect(progressOf("recovery", "recovery")).toBe("now");
  expect(progressOf("registering", "recovery")).toBe("next");
});

test("only the published address of the public sandbox is filled in", () => {
  expect(missing(publicSandbox)).toEqual(["websocket", "upstream", "downstream"]);
  expect(missing(thisMachine)).toEqual([]);
});
