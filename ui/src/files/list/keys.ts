/** What a key means in the list. */
export type KeyMeaning =
  | { do: "move"; to: number; how: "pick" | "range" | "only-move" }
  | {
      do:
        "toggle" | "all" | "none" | "open" | "look" | "up" | "save" | "delete" | "menu" | "rename";
    }
  | { do: "type"; text: string };

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;
export type Place = { cursor: number; total: number; perPage: number };

export function meaningOf(pressed: Pressed, place: Place): KeyMeaning | null {
  const { key } = pressed;
  const command = pressed.ctrlKey || pressed.metaKey;
  if (pressed.altKey) return null;
  if (key === "ContextMenu" || (key === "F10" && pressed.shiftKey)) return { do: "menu" };
  const to = target(key, place);
  if (to !== null) {
    if (place.total === 0) return null;
    return { do: "move", to, how: pressed.shiftKey ? "range" : command ? "only-move" : "pick" };
  }
  if (command && key.toLowerCase() === "a") return { do: "all" };
  if (command && key.toLowerCase() === "s") return { do: "save" };
  if (key === " ") return { do: command ? "toggle" : "look" };
  if (command) return null;
  const act = plain[key];
  if (act) return { do: act };
  return key.length === 1 && key !== "?" ? { do: "type", text: key } : null;
}

const plain: Partial<Record<string, "open" | "up" | "delete" | "none" | "rename">> = {
  Enter: "open",
  Backspace: "up",
  Delete: "delete",
  Escape: "none",
  F2: "rename",
};

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

const FORGET_MS = 900;

/** What is typed in the list, letter by letter: a pause begins anew. */
export type Typed = { readonly text: string; readonly at: number };
export const untyped: Typed = { text: "", at: 0 };

export function typedOn(typed: Typed, letter: string, now: number): Typed {
  const isNew = now - typed.at > FORGET_MS;
  return { text: (isNew ? "" : typed.text) + letter.toLocaleLowerCase(), at: now };
}

/** The row that is meant: from the cursor on, and when only one letter is repeated, the next one. */
export function typedRow(
  text: string,
  cursor: number,
  total: number,
  nameAt: (at: number) => string | undefined,
): number | null {
  const repeated = [...text].every((letter) => letter === text[0]);
  const wanted = repeated ? (text[0] ?? "") : text;
  const from = repeated ? cursor + 1 : Math.max(0, cursor);
  for (let step = 0; step < Math.min(total, 10_000); step += 1) {
    const at = (from + step) % total;
    if (nameAt(at)?.toLocaleLowerCase().startsWith(wanted)) return at;
  }
  return null;
}
