import { beforeAll, expect, test, vi } from "vitest";
import { answered, screens, show } from "./gallery";

vi.mock("../src/strings/en", async (original) => {
  const { en } = await original<{ en: Record<string, string> }>();
  const { pseudoOf } = await import("./pseudo");
  return { en: pseudoOf(en) };
});

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

/** Texts of a notice, which the shell sends by itself, and names that are the same everywhere. */
const GIVEN = [
  "Two files were skipped.",
  "They are links, and links are not followed.",
  "The file could not be saved.",
  "The disk is full. Make room, then save it again.",
  "English",
  "Deutsch",
];
/** Names of keys and kinds of files, and what `Intl` writes: units, months, days, AM or PM. */
const WRITTEN = new RegExp(
  `\\b(${[
    "Alt|Esc|F\\d",
    "PDF|CSV|JSON|GET|POST|sec|min|hr|kB|MB|GB|TB|bytes?|s|h|AM|PM|[A-Z][a-z]{2},?|[A-Z]{1,4}",
  ].join("|")})\\b`,
  "g",
);
/** Whole texts that may have a part which the shell answers elsewhere. */
const WHOLE = ["today", "yesterday"];
const VISIBLE = ["aria-label", "aria-description", "placeholder", "title", "alt"];

function texts(root: Element): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest("style, script, code")) found.push(node.textContent ?? "");
  for (const element of root.querySelectorAll("*"))
    for (const name of VISIBLE) found.push(element.getAttribute(name) ?? "");
  return found.map((text) => text.trim()).filter((text) => text !== "" && !WHOLE.includes(text));
}

/** What is left of a text without what the catalogue, the shell and `Intl` wrote. */
function left(text: string, given: readonly string[]): string {
  let rest = text;
  // From the inside out: a text of the catalogue may be filled with another.
  for (let before = ""; before !== rest;) [before, rest] = [rest, rest.replace(/⟦[^⟦⟧]*⟧/gs, "")];
  // `Intl` says these, and parts of them may be given elsewhere.
  rest = rest.replace(/\b(today|yesterday)\b/gi, "");
  for (const each of given) rest = rest.replaceAll(each, "");
  return rest.replace(/\S*[@:./_…]\S*/g, "").replace(WRITTEN, "");
}

test.each(screens.map(([state]) => state))(
  "no text of %s is written outside the catalogue",
  async (state) => {
    const leave = await show(state);
    const given = [...GIVEN, ...answered].filter((each) => each.length > 1);
    given.sort((a, b) => b.length - a.length);
    const hardCoded = texts(document.body).filter((text) => /[A-Za-z]{2}/.test(left(text, given)));
    await leave();
    expect(hardCoded).toEqual([]);
  },
);
