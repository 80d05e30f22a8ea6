import { expect, test } from "vitest";
import { keyWords } from "./keys";
import { speak } from "./language.svelte";

test("a shortcut is named as on the keyboard of the language", () => {
  expect(["Ctrl Space", "Page Down", "Alt ←"].map(keyWords)).toEqual([
    "Ctrl Space",
    "Page Down",
    "Alt ←",
  ]);
  speak("de");
  try {
    expect(["Ctrl Space", "Ctrl S", "Backspace", "Shift F10", "⌘ F"].map(keyWords)).toEqual([
      "Strg Leertaste",
      "Strg S",
      "Rücktaste",
      "Umschalt F10",
      "⌘ F",
    ]);
  } finally {
    speak("en");
  }
});
