import { expect, test } from "vitest";
import { branches, type Tree } from "./tree";

const node = (key: string, hasFolders = false) => ({ key, name: key, files: 1, hasFolders });
const tree: Tree = new Map([
  ["", { folders: [node("family", true), node("work")], more: 3 }],
  ["family", { folders: [node("2024"), node("2025", true)], more: 0 }],
]);
const names = (open: string[]) =>
  branches(tree, new Set(open)).map((line) =>
    "node" in line ? `${line.depth} ${line.node.key}` : `${line.depth} +${line.more}`,
  );

test("a folder that is closed hides what is in it", () => {
  expect(names([])).toEqual(["0 family", "0 work", "0 +3"]);
});

test("a folder that is open shows its folders below it, as far as they were read", () => {
  expect(names(["family", "2025"])).toEqual(["0 family", "1 2024", "1 2025", "0 work", "0 +3"]);
});
