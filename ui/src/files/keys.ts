/** What a key means in the list. */
export type KeyMeaning =
  | { do: "move"; to: number; how: "pick" | "range" | "only-move" }
  | { do: "toggle" }
  | { do: "all" }
  | { do: "none" }
  | { do: "preview" }
  | { do: "save" }
  | { do: "delete" };

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;
export type Place = { cursor: number; total: number; perPage: number };

export function meaningOf(pressed: Pressed, place: Place): KeyMeaning | null {
  const command = pressed.ctrlKey || pressed.metaKey;
  if (pressed.altKey) return null;
  const to = target(pressed.key, place);
  if (to !== null) {
    if (place.total === 0) return null;
    return { do: "move", to, how: pressed.shiftKey ? "range" : command ? "only-move" : "pick" };
  }
  if (command && pressed.key.toLowerCase() === "a") return { do: "all" };
  if (command && pressed.key.toLowerCase() === "s") return { do: "save" };
  if (pressed.key === " ") return { do: command ? "toggle" : "preview" };
  if (command) return null;
  if (pressed.key === "Enter") return { do: "preview" };
  if (pressed.key === "Delete" || pressed.key === "Backspace") return { do: "delete" };
  if (pressed.key === "Escape") return { do: "none" };
  return null;
}

function target(key: string, { cursor, total, perPage }: Place): number | null {
  const within = (at: number) => Math.max(0, Math.min(total - 1, at));
  switch (key) {
    case "ArrowDown":
      return within(cursor + 1);
    case "ArrowUp":
      return within(cursor < 0 ? 0 : cursor - 1);
    case "PageDown":
      return within(cursor + perPage);
    case "PageUp":
      return within(cursor - perPage);
    case "Home":
      return 0;
    case "End":
      return within(total - 1);
    default:
      return null;
  }
}
