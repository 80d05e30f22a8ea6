/** What a menu offers. */
import type { IconName } from "./icons";

export type MenuAct = {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName;
  /** The shortcut, as it is written on the keys. */
  readonly keys?: string;
  readonly look?: "bad";
  readonly disabled?: boolean;
  /** For a choice: whether it is the one in force. */
  readonly checked?: boolean;
  /** The menu stays open, for what is pressed several times. */
  readonly stays?: boolean;
  readonly onpress: () => void;
};

export type MenuItem = MenuAct | "line";

/** Lines separate; none begins, ends or doubles. */
export const tidy = (items: readonly MenuItem[]): MenuItem[] =>
  items.filter(
    (item, at) => item !== "line" || (at > 0 && at < items.length - 1 && items[at - 1] !== "line"),
  );

/** The next item from `from` whose label begins with what was typed, or null. */
export function beginningWith(
  labels: readonly string[],
  typed: string,
  from: number,
): number | null {
  const wanted = typed.toLocaleLowerCase();
  for (let step = 1; step <= labels.length; step += 1) {
    const at = (from + step) % labels.length;
    if (labels[at]?.toLocaleLowerCase().startsWith(wanted)) return at;
  }
  return null;
}

/** Where a box of this size fits into the window, as near to a point as it can be. */
export const fitted = (
  at: { x: number; y: number },
  box: { width: number; height: number },
  room: { width: number; height: number },
): { x: number; y: number } => ({
  x: Math.max(4, Math.min(at.x, room.width - box.width - 4)),
  y: Math.max(4, Math.min(at.y, room.height - box.height - 4)),
});
