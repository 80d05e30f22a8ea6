import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, pageOf, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

let height = 630;
const watched = new Map<Element, () => void>();

/** Tells of the sizes that a test sets. */
class Watch implements ResizeObserver {
  #callback: ResizeObserverCallback;
  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }
  observe(element: Element): void {
    const entry = { target: element, contentRect: element.getBoundingClientRect() };
    watched.set(element, () => this.#callback([entry as unknown as ResizeObserverEntry], this));
  }
  unobserve(element: Element): void {
    watched.delete(element);
  }
  disconnect(): void {}
}

vi.stubGlobal("ResizeObserver", Watch);
Object.defineProperty(HTMLElement.prototype, "clientHeight", {
  configurable: true,
  get: () => height,
});

beforeEach(() => {
  vi.clearAllMocks();
  height = 630;
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(1000));
});

async function resize(to: number): Promise<void> {
  height = to;
  for (const tell of [...watched.values()]) tell();
  await Promise.resolve();
}

test("the row whose details open stays in view in what is left of the list", async () => {
  render(App);
  const rows = await screen.findAllByTestId("file-row");
  const grid = screen.getByRole("grid");
  await fireEvent.click(rows[12] as HTMLElement);
  await resize(110);
  // The head takes 30 of it, and row 12 ends at 416.
  await waitFor(() => expect(grid.scrollTop).toBe(336));
  await resize(630);
  expect(grid.scrollTop).toBe(336);
});

test("a list that was scrolled away from its selected row stays where it is", async () => {
  render(App);
  const rows = await screen.findAllByTestId("file-row");
  const grid = screen.getByRole("grid");
  await fireEvent.click(rows[2] as HTMLElement);
  grid.scrollTop = 8000;
  await fireEvent.scroll(grid);
  await resize(110);
  await waitFor(() => expect(document.querySelector("[data-id=f250]")).not.toBeNull());
  expect(grid.scrollTop).toBe(8000);
});

test("messages have a place of their own between the list and the transfers", async () => {
  vi.mocked(ipc.transfers).mockResolvedValue({
    items: [transfer("x", { state: "running" })],
    summary: summary({ running: 1 }),
  });
  render(App);
  const strip = await screen.findByTestId("transfers-strip");
  spoken.heard?.notice({ kind: "error", code: "no_space", message: "The disk is full.", hint: "" });
  const alert = await screen.findByRole("alert");
  const order = (one: Element, other: Element) =>
    (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  expect(order(screen.getByRole("main"), alert)).toBe(true);
  expect(order(alert, strip)).toBe(true);
  expect(alert.closest(".workspace")).not.toBeNull();
});
