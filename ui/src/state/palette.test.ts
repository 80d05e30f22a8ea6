import { expect, test } from "vitest";
import { matching } from "./palette";

const commands = ["All files", "Add files…", "Recent", "Files & more"].map((label) => ({
  id: label,
  label,
  run: () => {},
}));
const found = (typed: string) => matching(commands, typed).map(({ label }) => label);

test("everything is offered before anything is typed", () => {
  expect(found("  ")).toHaveLength(4);
});

test("every word has to be there, and what begins with it comes first", () => {
  expect(found("files")).toEqual(["Files & more", "All files", "Add files…"]);
  expect(found("FILES add")).toEqual(["Add files…"]);
  expect(found("nothing")).toEqual([]);
});
