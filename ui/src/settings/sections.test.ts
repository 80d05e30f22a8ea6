import { expect, test } from "vitest";
import { developer, isSettingsPlace, settings } from "./sections";

test("every page of the settings is listed once", () => {
  const all = [...settings, ...developer];
  expect(new Set(all).size).toBe(all.length);
  expect(all.every(isSettingsPlace)).toBe(true);
});

test("the places of the files are no pages of the settings", () => {
  for (const place of ["files", "approvals", "attention", "recent"])
    expect(isSettingsPlace(place)).toBe(false);
});
