import { expect, test } from "vitest";
import { scopesOf } from "./applications";

test("scopes are read with commas or spaces between, each once", () => {
  expect(scopesOf(" device, storage  device,")).toEqual(["device", "storage"]);
  expect(scopesOf(" , ")).toEqual([]);
});
