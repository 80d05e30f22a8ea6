/** What keys do in every place. */
import { nextArea } from "../parts/areas";
import type { Place } from "../state/place";

export type WorkspaceKeys = {
  readonly whole: () => HTMLElement | undefined;
  readonly go: (place: Place) => void;
  readonly zoom: (by: -1 | 0 | 1) => void;
  readonly palette: () => void;
};

const numbered: readonly Place[] = ["files", "recent", "attention", "approvals", "general"];

export const workspaceKeys =
  ({ whole, go, zoom, palette }: WorkspaceKeys) =>
  (event: KeyboardEvent): void => {
    const area = whole();
    // Behind a sheet nothing moves.
    if (!area || area.querySelector("dialog[open]")) return;
    if (event.key === "F6") {
      event.preventDefault();
      return nextArea(area, event.shiftKey);
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const to = /^[1-5]$/.test(event.key) ? numbered[Number(event.key) - 1] : undefined;
    const by = { "+": 1, "=": 1, "-": -1, "0": 0 }[event.key] as -1 | 0 | 1 | undefined;
    if (event.key === ",") go("general");
    else if (event.key.toLowerCase() === "k") palette();
    else if (to) go(to);
    else if (by !== undefined) zoom(by);
    else return;
    event.preventDefault();
  };
