import { expect, test } from "vitest";
import { speak } from "../strings/language.svelte";
import { meant, parsed, shown } from "./limits";

test("a limit is written in megabytes a second, and nothing is no limit", () => {
  expect(parsed("5")).toBe(5_000_000);
  expect(parsed(" 2.5 ")).toBe(2_500_000);
  expect(parsed("0,25")).toBe(250_000);
  expect(parsed("  ")).toBeNull();
});

test("what could mean something else is not guessed", () => {
  for (const text of ["0", "0.00", "-1", "1,000", "1.000", "1e3", "fast", "5 MB", "1234567"])
    expect(parsed(text), text).toBe("unclear");
});

test("a limit is shown as it would be written", () => {
  expect([shown(null), shown(5_000_000), shown(2_500_000), shown(1)]).toEqual([
    "",
    "5",
    "2.5",
    "0.01",
  ]);
});

test("a limit is shown with the comma of the language, and understood", () => {
  speak("de");
  try {
    expect(shown(2_500_000)).toBe("2,5");
    expect(meant(shown(1_234_567), 1_234_567)).toBe(1_234_567);
    expect(parsed(shown(2_500_000))).toBe(2_500_000);
  } finally {
    speak("en");
  }
});

test("a limit that was left alone stays exactly what it is", () => {
  expect(meant(shown(1_234_567), 1_234_567)).toBe(1_234_567);
  expect(meant("", 1_234_567)).toBeNull();
  expect(meant("1.2", 1_234_567)).toBe(1_200_000);
});
