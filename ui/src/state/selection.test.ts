import { expect, test } from "vitest";
import { file } from "../../tests/shell";
import {
  everything,
  moved,
  nothing,
  only,
  ranged,
  refreshed,
  span,
  toggled,
  without,
  type Selection,
} from "./selection";

const files = Array.from({ length: 6 }, (_, at) => file(at));
const at = (place: number) => files[place] ?? file(place);
const ids = (selection: Selection) => [...selection.rows.keys()];

test("picking one file leaves the others", () => {
  expect(ids(only(at(2), 2))).toEqual(["f2"]);
});

test("toggling adds a file and takes it away again", () => {
  const two = toggled(only(at(1), 1), at(3), 3);
  expect(ids(two)).toEqual(["f1", "f3"]);
  expect(ids(toggled(two, at(1), 1))).toEqual(["f3"]);
});

test("a range runs from the anchor in both directions and can shrink", () => {
  const start = only(at(3), 3);
  expect(span(start, 5)).toEqual({ first: 3, last: 5 });
  const wide = ranged(start, files.slice(3, 6), 5);
  expect(ids(wide)).toEqual(["f3", "f4", "f5"]);
  expect(span(wide, 1)).toEqual({ first: 1, last: 3 });
  expect(ids(ranged(wide, files.slice(3, 5), 4))).toEqual(["f3", "f4"]);
});

test("a range without an anchor starts where it is asked for", () => {
  expect(span(nothing, 4)).toEqual({ first: 4, last: 4 });
});

test("everything keeps the keyboard where it is", () => {
  expect(everything(only(at(2), 2), files)).toMatchObject({ anchor: 2, cursor: 2 });
  expect(everything(nothing, files).rows.size).toBe(6);
});

test("moving the keyboard picks nothing", () => {
  expect(moved(only(at(1), 1), 4)).toMatchObject({ anchor: 1, cursor: 4 });
});

test("deleted files leave the selection", () => {
  expect(ids(without(everything(nothing, files), ["f0", "f5"]))).toEqual(["f1", "f2", "f3", "f4"]);
});

test("a newer view replaces the older and a single file is followed to its new place", () => {
  const newer = refreshed(only(at(1), 1), [file(9), file(1, { state: "notConfirmed" })], 200);
  expect(newer.rows.get("f1")).toMatchObject({ state: "notConfirmed" });
  expect(newer).toMatchObject({ anchor: 201, cursor: 201 });
});
