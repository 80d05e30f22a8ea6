import { expect, test } from "vitest";
import { parsed, resized, standard, zoomed } from "./prefs";

test("what was arranged is read again", () => {
  const prefs = {
    ...zoomed(resized(standard, "kind", 130), 1),
    density: 40 as const,
    order: { sort: "size" as const, descending: true },
    details: false,
  };
  expect(parsed(JSON.stringify(prefs))).toEqual(prefs);
});

test.each([null, "", "nonsense", "[]", '{"zoom":7,"density":1,"order":{"sort":"x"},"widths":3}'])(
  "%s is the standard arrangement",
  (text) => {
    expect(parsed(text)).toEqual(standard);
  },
);

test("a column is neither too narrow for its words nor takes all the room", () => {
  expect(resized(standard, "size", 3).widths.size).toBe(64);
  expect(resized(standard, "state", 5000).widths.state).toBe(320);
  expect(parsed('{"widths":{"kind":9999}}').widths.kind).toBe(240);
});

test("zoom goes in steps, ends at both ends, and comes back", () => {
  expect(zoomed(standard, 1).zoom).toBe(110);
  expect(zoomed({ ...standard, zoom: 200 }, 1).zoom).toBe(200);
  expect(zoomed({ ...standard, zoom: 75 }, -1).zoom).toBe(75);
  expect(zoomed({ ...standard, zoom: 175 }, 0).zoom).toBe(100);
});
