import { expect, test } from "vitest";
import { t } from ".";

test.each([
  ["a name from right to left", "\u05e9\u05dc\u05d5\u05dd.pdf", "\u05e9\u05dc\u05d5\u05dd.pdf"],
  ["a name that turns the direction", "photo_\u202egpj.exe", "photo_gpj.exe"],
  ["a name that ends its isolation", "a\u2069\u202eb", "ab"],
])("%s is isolated within a sentence", (_, name, shown) => {
  expect(t("transfers.cancelName", { name })).toBe(`Cancel \u2068${shown}\u2069`);
});

test("other names and numbers stay as they are", () => {
  expect(t("transfers.cancelName", { name: "Prüfbericht №1 日本.pdf" })).toBe(
    "Cancel Prüfbericht №1 日本.pdf",
  );
});
