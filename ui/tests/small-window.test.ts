import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, pageOf, view } from "./shell";

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

test("messages keep clear of the bar of what is selected, of the details and of the transfers", async () => {
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, value: 44 });
  render(App);
  const rows = await screen.findAllByTestId("file-row");
  const clearOf = (name: string) => document.documentElement.style.getPropertyValue(name);
  await fireEvent.click(rows[1] as HTMLElement);
  await fireEvent.click(rows[2] as HTMLElement, { ctrlKey: true });
  await screen.findByRole("toolbar", { name: "Selected files" });
  expect(clearOf("--foot")).toBe("44px");
  expect(clearOf("--sheet")).toBe("44px");
});
