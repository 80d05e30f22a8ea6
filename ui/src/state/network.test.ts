import { expect, test } from "vitest";
import type { NetworkView } from "../types";
import { addressMissing, draftOf, fieldOf, nameMissing, wishOf } from "./network";

const view: NetworkView = {
  proxy: "explicit",
  proxyAddress: "http://proxy.test:3128",
  proxySecret: "inKeyring",
  caFile: "ca.pem",
  clientCertificate: null,
  clientKey: null,
};

test("a draft that was not touched keeps everything", () => {
  expect(wishOf(draftOf(view))).toEqual({
    proxy: "explicit",
    proxyAddress: "http://proxy.test:3128",
    login: null,
    forgetLogin: false,
    caFile: "keep",
    clientCertificate: "keep",
    clientKey: "keep",
  });
});

test("a name with a password is sent for a proxy of one's own only", () => {
  const typed = { ...draftOf(view), username: " anna ", password: " pw " };
  expect(wishOf(typed).login).toEqual({ username: "anna", password: " pw " });
  expect(wishOf({ ...typed, proxy: "system" }).login).toBeNull();
});

test("what is missing is known before anything is sent", () => {
  const draft = draftOf(view);
  expect(addressMissing({ ...draft, address: " " })).toBe(true);
  expect(addressMissing({ ...draft, address: " ", proxy: "none" })).toBe(false);
  expect(nameMissing({ ...draft, password: "pw" })).toBe(true);
  expect(nameMissing({ ...draft, password: "pw", username: "anna" })).toBe(false);
});

test.each([
  ["bad_proxy", "address"],
  ["bad_proxy_name", "username"],
  ["network_file", null],
  ["offline", null],
  ["declined", null],
])("a refusal with the code %s is said at %s", (code, field) => {
  expect(fieldOf({ code })).toBe(field);
});
