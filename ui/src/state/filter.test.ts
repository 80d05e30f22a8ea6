import { expect, test } from "vitest";
import { allOf, asQuery, at, isBelow, ordered, TOP, type Location } from "./filter";
import { back, left, MOST, none } from "./history";

const family: Location = { at: "folder", folder: "fa" };

test("a folder shows what is in it, and a search looks in all folders", () => {
  const there = at(allOf(), family);
  expect(asQuery(there)).toMatchObject({ folder: "fa", below: false, search: "" });
  expect(asQuery({ ...there, search: "lease" })).toMatchObject({ folder: "", below: true });
  expect(asQuery({ ...there, search: "  " })).toMatchObject({ folder: "fa", below: false });
});

test("what narrows looks in the folder and below it", () => {
  const images = { ...at(allOf(), family), kind: "image" as const };
  expect(asQuery(images)).toMatchObject({ folder: "fa", below: true, kind: "image" });
  expect(isBelow(images)).toBe(true);
});

test("a label and what needs attention are looked for in all folders", () => {
  expect(asQuery(at(allOf(), { at: "label", label: "legal" }))).toMatchObject({
    folder: "",
    below: true,
    context: "legal",
    needsAttention: false,
  });
  expect(asQuery(at(allOf(), { at: "attention" }))).toMatchObject({
    below: true,
    context: null,
    needsAttention: true,
  });
});

test("going elsewhere leaves the search and what narrows behind, and keeps the order", () => {
  const before = { ...ordered(allOf(), { sort: "size", descending: true }), search: "a" };
  const after = at({ ...before, kind: "pdf" }, family);
  expect(after).toMatchObject({ search: "", kind: null, sort: "size", descending: true });
});

test("what is recent has the newest first, and its order is its own", () => {
  const recent = at(allOf(), { at: "recent" });
  expect(recent).toMatchObject({ sort: "storedAt", descending: true });
  const byName = ordered(recent, { sort: "name", descending: true });
  expect(at(byName, TOP)).toMatchObject({ sort: "name", descending: false });
});

test("one comes back to where one was, and not to the same place twice", () => {
  let past = left(none, TOP, family);
  past = left(past, family, family);
  past = left(past, family, { at: "recent" });
  const first = back(past);
  expect(first.to).toEqual(family);
  const second = back(first.past);
  expect(second.to).toEqual(TOP);
  expect(back(second.past).to).toBeNull();
});

test("only so many places are remembered", () => {
  const past = Array.from({ length: 80 }, (_, at) => at).reduce(
    (past, at) =>
      left(past, { at: "folder", folder: `${at}` }, { at: "folder", folder: `${at + 1}` }),
    none,
  );
  expect(past).toHaveLength(MOST);
});
