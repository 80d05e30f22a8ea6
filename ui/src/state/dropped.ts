/** What is dragged over the window, in words. */
import { t } from "../strings";
import type { DropChanged } from "../types";

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
