import { expect, test } from "vitest";
import { heldRow, movedBy, type Pointer, type Seen } from "./scroll";

const seen = (first: number, last: number): Seen[] =>
  Array.from({ length: last - first + 1 }, (_, i) => ({ id: `f${first + i}`, at: first + i }));
const view = (scrollTop: number, total = 2000) => ({
  scrollTop,
  height: 400,
  rowHeight: 40,
  total,
});

const rests = (y: number): Pointer => ({ y, pressed: false });
const presses = (y: number): Pointer => ({ y, pressed: true });

test.each<
  [what: string, scrollTop: number, pointer: Pointer | null, cursor: number, held: unknown]
>([
  ["the row under the pointer, when scrolled", 4010, rests(100), -1, 102],
  ["the row under the pointer before that of the keyboard", 4000, rests(100), 105, 102],
  ["the row under the pointer after one row's height of scrolling", 40, rests(0), -1, 1],
  ["the row of the keyboard while it is in view", 4000, null, 105, 105],
  ["the first whole row when that of the keyboard is not in view", 4000, null, 5, 100],
  ["the first whole row when nothing points at one", 4010, null, -1, 101],
  ["nothing at the top when nothing points at a row", 0, null, -1, null],
  ["nothing at the top below a pointer that lies there", 0, rests(100), -1, null],
  ["nothing at the top where only the keyboard is on a row", 0, null, 3, null],
  ["the row that is being pressed, also at the top", 0, presses(100), -1, 2],
  ["nothing at the top when the head is pressed", 0, presses(-5), -1, null],
  ["the first whole row when the pointer lies on the head", 4000, rests(-5), -1, 100],
])("holds %s", (_, scrollTop, pointer, cursor, held) => {
  expect(heldRow(view(scrollTop), pointer, cursor)).toBe(held);
});

test("a press below the last row of a short list holds nothing", () => {
  expect(heldRow(view(0, 3), presses(300), -1)).toBeNull();
});

test("rows that came above move the view by their number", () => {
  const rows = seen(92, 118);
  expect(
    movedBy(
      rows,
      rows.map(({ at }) => at + 7),
      100,
    ),
  ).toBe(7);
  expect(
    movedBy(
      rows,
      rows.map(({ at }) => at - 50),
      100,
    ),
  ).toBe(-50);
});

test("rows that came below the held one do not move the view", () => {
  const rows = seen(92, 118);
  expect(
    movedBy(
      rows,
      rows.map(({ at }) => (at > 104 ? at + 3 : at)),
      100,
    ),
  ).toBe(0);
});

test("the held row decides where rows came between those in view", () => {
  const rows = seen(92, 118);
  expect(
    movedBy(
      rows,
      rows.map(({ at }) => (at > 98 ? at + 2 : at)),
      100,
    ),
  ).toBe(2);
});

test("a held row that went hands over to the next one", () => {
  const rows = seen(92, 118);
  const places = rows.map(({ at }) => (at === 100 ? null : at > 100 ? at - 1 : at));
  expect(movedBy(rows, places, 100)).toBe(-1);
});

test("a held row that was sorted elsewhere does not take the view with it", () => {
  const rows = seen(92, 118);
  const places = rows.map(({ at }) => (at === 100 ? 1900 : at > 100 ? at - 1 : at));
  expect(movedBy(rows, places, 100)).toBe(-1);
});

test("stays in place when all rows in view went, and when nothing is held", () => {
  const rows = seen(92, 118);
  expect(
    movedBy(
      rows,
      rows.map(() => null),
      100,
    ),
  ).toBe(0);
  expect(
    movedBy(
      rows,
      rows.map(({ at }) => at + 7),
      null,
    ),
  ).toBe(0);
  expect(movedBy([], [], 4)).toBe(0);
});

test("whatever comes and goes above, the held row keeps its distance from the top of the window", () => {
  const random = (
    (state) => () =>
      (state = (state * 48271) % 2147483647) / 2147483647
  )(20261130);
  for (let round = 0; round < 300; round += 1) {
    const before = Array.from({ length: 200 }, (_, i) => `r${i}`);
    const scrollTop = Math.floor(random() * 150 * 40) + 1;
    const held = heldRow(
      view(scrollTop, 200),
      random() < 0.5 ? rests(Math.floor(random() * 400)) : null,
      Math.floor(random() * 200),
    );
    const first = Math.floor(scrollTop / 40);
    const drawn = before.slice(first, first + 11).map((id, i) => ({ id, at: first + i }));
    const after = before.filter((id) => (held !== null && id === before[held]) || random() > 0.02);
    for (let come = Math.floor(random() * 30); come > 0; come -= 1)
      after.splice(Math.floor(random() * after.length), 0, `new${come}`);
    const place = (id: string) => (after.includes(id) ? after.indexOf(id) : null);
    const by = movedBy(
      drawn,
      drawn.map(({ id }) => place(id)),
      held,
    );
    const now = place(before[held ?? -1] ?? "") ?? NaN;
    expect(now * 40 - (scrollTop + by * 40)).toBe((held ?? NaN) * 40 - scrollTop);
  }
});
