/** What can be done with rows, as a menu: nothing that cannot is in it. */
import type { MenuItem } from "../parts/menu";
import { isFile } from "../state/rows";
import { t } from "../strings";
import type { FileView, Row } from "../types";

export type RowActs = {
  open(row: Row): void;
  look(row: Row): void;
  openOutside(file: FileView): void;
  save(): void;
  toDownloads(): void;
  verify(): void;
  copyToken(id: string): void;
  remove(): void;
  details(): void;
};

export type PlaceActs = {
  addFiles(): void;
  addFolder(): void;
  selectAll(): void;
  refresh(): void;
};

const command = navigator.userAgent.includes("Mac") ? "⌘" : "Ctrl";

/** The menu of what is selected. */
export function rowMenu(rows: readonly Row[], acts: RowActs): MenuItem[] {
  const [row] = rows;
  if (!row) return [];
  const one = rows.length === 1 ? row : null;
  const files = rows.filter(isFile);
  const areFiles = files.length === rows.length;
  const areThere = files.every(
    ({ missingSince, state }) => missingSince === null && state !== "deleting",
  );
  return [
    ...(one?.row === "folder"
      ? [act("row-open", t("menu.open"), "folder", "Enter", () => acts.open(one))]
      : []),
    ...(one && isFile(one) && areThere
      ? [
          act("row-preview", t("pane.preview"), "file", "Enter", () => acts.look(one)),
          act("row-open-outside", t("pane.open"), "screen", undefined, () => acts.openOutside(one)),
        ]
      : []),
    ...(areThere
      ? [
          act("row-save", t("pane.save"), "down", `${command} S`, acts.save),
          act("row-downloads", t("menu.downloads"), "down", undefined, acts.toDownloads),
        ]
      : []),
    "line",
    ...(areFiles && areThere && files.every(({ verifiable }) => verifiable)
      ? [act("row-verify", t("pane.verify"), "shield", undefined, acts.verify)]
      : []),
    ...(one && isFile(one)
      ? [act("row-token", t("token.copy"), "link", undefined, () => acts.copyToken(one.id))]
      : []),
    act("row-details", t("menu.details"), "info", `${command} I`, acts.details),
    "line",
    ...(files.every(({ state }) => state !== "deleting")
      ? [
          {
            ...act("row-delete", t("pane.delete"), "trash", "Del", acts.remove),
            look: "bad" as const,
          },
        ]
      : []),
  ];
}

/** The menu of the empty space below the rows. */
export const placeMenu = (acts: PlaceActs): MenuItem[] => [
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
