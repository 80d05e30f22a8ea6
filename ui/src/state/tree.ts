/** The folders of the sidebar, as far as they were read. */
import type { FolderList, FolderNode, FolderView } from "../types";

/** What is in each folder, by its key; the top has the empty one. */
export type Tree = ReadonlyMap<string, FolderList>;

export type Branch =
  | { readonly node: FolderNode; readonly depth: number; readonly isOpen: boolean }
  | { readonly more: number; readonly depth: number; readonly of: string };

export const treeOf = (known: readonly [string, FolderList][]): Tree => new Map(known);
export const withFolder = (tree: Tree, key: string, list: FolderList): Tree =>
  new Map(tree).set(key, list);

/** Folders nested deeper than this are not indented further. */
export const DEEPEST = 8;

const nothing: ReadonlySet<string> = new Set();

/** The lines of the tree: a folder, then what is in it where it is open and not `closed`. */
export function branches(
  tree: Tree,
  open: ReadonlySet<string>,
  parent = "",
  depth = 0,
  closed = nothing,
): Branch[] {
  const list = tree.get(parent);
  if (!list) return [];
  const lines = list.folders.flatMap((node): Branch[] => {
    const isOpen = open.has(node.key) && node.hasFolders && !closed.has(node.key);
    const line: Branch = { node, depth: Math.min(depth, DEEPEST), isOpen };
    return isOpen ? [line, ...branches(tree, open, node.key, depth + 1, closed)] : [line];
  });
  return list.more > 0 ? [...lines, { more: list.more, depth, of: parent }] : lines;
}

/** A folder of the tree as a row, for what is done with rows. */
export const asRow = ({ key, name, files }: FolderNode): FolderView => ({
  row: "folder",
  id: `f:${key}`,
  key,
  name,
  within: "",
  files,
  bytes: 0,
  modified: null,
  needAttention: 0,
});
