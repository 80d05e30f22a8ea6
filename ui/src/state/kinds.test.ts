import { expect, test } from "vitest";
import { badgeOf } from "./kinds";

test.each([
  ["Blood test.pdf", "PDF"],
  ["board-pack.ZIP", "ZIP"],
  ["Insurance.xlsx", "XLS"],
  ["harbour.jpeg", "JPG"],
  ["archive.tar.gz", "GZ"],
  [".bashrc", ""],
  ["README", ""],
  ["what.isthisending", ""],
  ["ends with a dot.", ""],
])("%s has the badge %s", (name, badge) => {
  expect(badgeOf(name)).toBe(badge);
});
