/** What can be done with rows, as a menu: nothing that cannot is in it. */
import type { MenuItem } from "../../parts/menu";
import { isFile } from "../../state/rows";
import { t } from "../../strings";
import type { FileView, FolderView, Row } from "../../types";
import type { RowActs } from "./row-acts.svelte";

/** What only the list can do with its rows. */
export type ListActs = {
  copyToken(file: FileView): void;
  remove(): void;
  details(): void;
};

export type PlaceActs = {
  newFolder: (() => void) | null;
  addFiles(): void;
  addFolder(): void;
  selectAll(): void;
  refresh(): void;
};

const command = navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl";
const isThere = ({ missingSince, state }: FileView) =>
  missingSince === null && state !== "deleting";

/** The menu of what is selected. */
export function rowMenu(rows: readonly Row[], acts: RowActs, list: ListActs): MenuItem[] {
  const [row] = rows;
  if (!row) return [];
  const one = rows.length === 1 ? row : null;
  const files = rows.filter(isFile);
  const areThere = files.every(isThere);
  return [
    ...(one ? opening(one, acts) : []),
    ...(areThere ? saving(rows, acts) : []),
    "line",
    ...(areThere ? changing(rows, acts) : []),
    "line",
    ...(files.length === rows.length && areThere && files.every(({ verifiable }) => verifiable)
      ? [act("row-verify", t("pane.verify"), "shield", undefined, () => void acts.verify(rows))]
      : []),
    ...(one && isFile(one)
      ? [act("row-token", t("token.copy"), "link", undefined, () => list.copyToken(one))]
      : []),
    act("row-details", t("menu.details"), "info", `${command} I`, list.details),
    "line",
    ...(files.every(({ state }) => state !== "deleting")
      ? [bad(act("row-delete", t("pane.delete"), "trash", "Del", list.remove))]
      : []),
  ];
}

function opening(row: Row, acts: RowActs): MenuItem[] {
  if (row.row === "folder")
    return [act("row-open", t("menu.open"), "folder", "Enter", () => acts.open(row))];
  if (!isThere(row)) return [];
  return [
    act("row-preview", t("pane.preview"), "file", "Enter", () => acts.look(row)),
    act("row-open-outside", t("pane.open"), "screen", undefined, () => void acts.openOutside(row)),
  ];
}

const saving = (rows: readonly Row[], acts: RowActs): MenuItem[] => [
  act("row-save", t("pane.save"), "down", `${command} S`, () => acts.save(rows)),
  act("row-downloads", t("menu.downloads"), "down", undefined, () => void acts.toDownloads(rows)),
];

const changing = (rows: readonly Row[], acts: RowActs): MenuItem[] => [
  ...(rows.length === 1
    ? [act("row-rename", t("rename.act"), "edit", "F2", () => acts.rename(rows[0]))]
    : []),
  act("row-move", t("move.act"), "folder", undefined, () => acts.ask("move", rows)),
  act("row-label", t("labels.act"), "tag", undefined, () => acts.ask("label", rows)),
];

/** The menu of a folder of the sidebar. */
export const folderMenu = (folder: FolderView, acts: RowActs, open: () => void): MenuItem[] => [
  act("folder-open", t("menu.open"), "folder", "Enter", open),
  act("folder-save", t("folder.save"), "down", undefined, () => acts.save([folder])),
  "line",
  act("folder-rename", t("rename.act"), "edit", "F2", () => acts.rename(folder, "side")),
  act("folder-new", t("folder.new"), "plus", undefined, () => acts.newFolder(folder.key)),
  act("folder-move", t("move.act"), "folder", undefined, () => acts.ask("move", [folder])),
  act("folder-label", t("labels.act"), "tag", undefined, () => acts.ask("label", [folder])),
  "line",
  bad(act("folder-delete", t("pane.delete"), "trash", undefined, () => void acts.remove([folder]))),
];

/** The menu of the empty space below the rows. */
export const placeMenu = (acts: PlaceActs): MenuItem[] => [
  ...(acts.newFolder
    ? [act("place-new-folder", t("folder.new"), "folder", undefined, acts.newFolder)]
    : []),
  "line",
  act("place-add-files", t("bar.addFiles"), "plus", `${command} O`, acts.addFiles),
  act("place-add-folder", t("bar.addFolder"), "folder", undefined, acts.addFolder),
  "line",
  act("place-select-all", t("keys.list.all"), "check", `${command} A`, acts.selectAll),
  act("place-refresh", t("bar.refresh"), "refresh", "F5", acts.refresh),
];

const act = (
  id: string,
  label: string,
  icon: Exclude<MenuItem, "line">["icon"] & string,
  keys: string | undefined,
  onpress: () => void,
) => ({ id, label, icon, onpress, ...(keys && { keys }) });

const bad = <Act extends object>(item: Act): Act & { look: "bad" } => ({ ...item, look: "bad" });
