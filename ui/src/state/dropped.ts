/** What is dragged over the window, in words. */
import { t } from "../strings";
import type { DropChanged } from "../types";

/** The folder on the screen that the pointer is over. */
export function folderUnder({ over, x, y }: DropChanged): HTMLElement | null {
  if (!over || x === null || y === null) return null;
  const element = document.elementFromPoint?.(x, y);
  return element?.closest<HTMLElement>("[data-folder][data-name]") ?? null;
}

/** "3 files and 1 folder", as far as it is known. */
export function carried({ count, folders }: Pick<DropChanged, "count" | "folders">): string {
  const files = count - folders;
  const parts = [
    files > 0 ? t("table.count", {}, files) : "",
    folders > 0 ? t("table.folders", {}, folders) : "",
  ].filter(Boolean);
  if (parts.length === 0) return t("drop.unknown");
  return parts.length === 1
    ? (parts[0] ?? "")
    : t("drop.both", { files: parts[0] ?? "", folders: parts[1] ?? "" });
}
