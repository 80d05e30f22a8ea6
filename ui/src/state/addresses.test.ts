import { expect, test } from "vitest";
import { fromFile, fromOne, thisMachine } from "./addresses";

test.each([
  ["cloud.example.com", "https://cloud.example.com:8009", "wss://cloud.example.com:8083"],
  [
    " https://cloud.example.com:9009/ ",
    "https://cloud.example.com:9009",
    "wss://cloud.example.com:8083",
  ],
  ["localhost", "http://localhost:8009", "ws://localhost:8083"],
])("%s is enough to look for all four servers", (typed, api, websocket) => {
  expect(fromOne(typed)).toMatchObject({ api, websocket });
});

test.each(["", "   ", "http://elsewhere.example.com", "ftp://host", "two words"])(
  "%j is the address of no service",
  (typed) => {
    expect(fromOne(typed)).toBeNull();
  },
);

test("a connection file is JSON or lines", () => {
  expect(fromFile(JSON.stringify(thisMachine))).toEqual(thisMachine);
  const lines = Object.entries(thisMachine).map(([key, address]) => `${key} = ${address}`);
  expect(fromFile(lines.join("\r\n"))).toEqual(thisMachine);
});

test.each([
  ["a file without one of the four", JSON.stringify({ ...thisMachine, upstream: undefined })],
  ["an address that no service has", JSON.stringify({ ...thisMachine, api: "javascript:1" })],
  ["a number for an address", JSON.stringify({ ...thisMachine, api: 7 })],
  ["other JSON", "[]"],
  ["anything else", "hello"],
])("%s is no connection file", (_, text) => {
  expect(fromFile(text)).toBeNull();
});
