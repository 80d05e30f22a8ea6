import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { fakeIpc, pageOf, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(3));
});

test("who comes in is in the list", async () => {
  render(App);
  const grid = await screen.findByRole("grid");
  await waitFor(() => expect(document.activeElement).toBe(grid));
});

test("where there are no files, the button that adds some has the focus", async () => {
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(0));
  render(App);
  await screen.findByTestId("empty");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("add-files")));
});

test("what somebody has gone to keeps the focus when the list comes", async () => {
  let give: () => void = () => {};
  vi.mocked(ipc.queryRows).mockImplementation(
    (query) => new Promise((resolve) => (give = () => resolve(pageOf(3)(query)))),
  );
  render(App);
  const search = await screen.findByTestId("search");
  search.focus();
  give();
  await screen.findAllByTestId("file-row");
  expect(document.activeElement).toBe(search);
});

test("the places are one stop for Tab, and arrow keys go through them", async () => {
  render(App);
  await screen.findByRole("grid");
  const places = [...document.querySelectorAll<HTMLElement>("nav .nav")];
  await waitFor(() =>
    expect(places.filter(({ tabIndex }) => tabIndex === 0)).toEqual([
      screen.getByTestId("place-files"),
    ]),
  );
  screen.getByTestId("place-files").focus();
  await fireEvent.keyDown(screen.getByTestId("place-files"), { key: "End" });
  const last = places.at(-1) as HTMLElement;
  expect(document.activeElement).toBe(last);
  await fireEvent.keyDown(last, { key: "Home" });
  expect(document.activeElement).toBe(screen.getByTestId("account"));
  await fireEvent.keyDown(screen.getByTestId("account"), { key: "ArrowDown" });
  expect(document.activeElement).toBe(screen.getByTestId("place-files"));
});

test("the first stop leads past the places to the files, and to the content of every other place", async () => {
  render(App);
  const grid = await screen.findByRole("grid");
  const skip = screen.getByTestId("skip");
  expect(document.querySelector("button, a, input, [tabindex]")).toBe(skip);
  await fireEvent.click(skip);
  expect(document.activeElement).toBe(grid);
  await goTo("devices");
  await screen.findByTestId("devices");
  await fireEvent.click(skip);
  expect(document.activeElement?.tagName).toBe("MAIN");
});

test("where the focus is put by itself there is no frame until somebody goes by keys", async () => {
  render(App);
  const grid = await screen.findByRole("grid");
  await waitFor(() => expect(document.activeElement).toBe(grid));
  const page = document.documentElement;
  expect(page.dataset.keys).toBeUndefined();
  await fireEvent.keyDown(screen.getByTestId("search"), { key: "ArrowLeft" });
  expect(page.dataset.keys).toBeUndefined();
  await fireEvent.keyDown(grid, { key: "ArrowDown" });
  expect(page.dataset.keys).toBe("");
  await fireEvent.pointerDown(grid);
  expect(page.dataset.keys).toBeUndefined();
  await fireEvent.keyDown(screen.getByTestId("search"), { key: "Tab" });
  expect(page.dataset.keys).toBe("");
});
