import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { parse } from "svelte/compiler";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, file, pageOf, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { TransferView } from "../src/types";

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryRows).mockImplementation(async (query) => ({
    ...(await pageOf(3)(query)),
    rows: [file(0, { name: "no extension", within: "thirty" }), file(1), file(2)],
  }));
});

async function rest(): Promise<HTMLElement> {
  render(App);
  await fireEvent.click(await screen.findByTestId("place-recent"));
  const rows = await screen.findAllByTestId("file-row");
  const name = rows[0]?.querySelector(".name") as HTMLElement;
  await fireEvent.pointerMove(name, { clientX: 40, clientY: 60 });
  const tip = await screen.findByTestId("tip");
  expect(tip.textContent).toBe("thirty/no extension");
  return name;
}

test("the name of a file that the pointer rests on is gone with the lock", async () => {
  await rest();
  spoken.heard?.appChanged(view({ revision: 1, stage: "locked", lockedFor: "idle" }));
  await screen.findByTestId("unlock");
  expect(document.body.textContent).not.toContain("no extension");
  expect(document.querySelector('[title*="extension"]')).toBeNull();
});

test("it goes when the pointer leaves, and when a key is pressed", async () => {
  const name = await rest();
  await fireEvent.pointerLeave(name);
  expect(screen.queryByTestId("tip")).toBeNull();
  await fireEvent.pointerMove(name, { clientX: 41, clientY: 60 });
  await screen.findByTestId("tip");
  await fireEvent.keyDown(window, { key: "Escape" });
  expect(screen.queryByTestId("tip")).toBeNull();
});

test("a lock while the pointer comes to rest lets nothing come up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  try {
    render(App);
    const rows = await screen.findAllByTestId("file-row");
    const name = rows[0]?.querySelector(".name") as HTMLElement;
    await fireEvent.pointerMove(name, { clientX: 40, clientY: 60 });
    spoken.heard?.appChanged(view({ revision: 1, stage: "locked", lockedFor: "idle" }));
    await waitFor(() => expect(screen.queryByTestId("file-row")).toBeNull());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(screen.queryByTestId("tip")).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

/** A transfer that moves, with a name that does not fit; says how to report on it. */
async function moving(name: string): Promise<(over: Partial<TransferView>) => void> {
  const over = (more: Partial<TransferView>) => transfer("t", { name, state: "running", ...more });
  vi.mocked(ipc.transfers).mockResolvedValue({
    items: [over({})],
    summary: summary({ running: 1 }),
  });
  render(App);
  const strip = await screen.findByTestId("transfers-strip");
  await fireEvent.click(strip.querySelector(".sum") as Element);
  await screen.findByTestId("transfer-row");
  return (more) =>
    spoken.heard?.transfersChanged({
      changed: [over(more)],
      removed: [],
      summary: summary({ running: 1 }),
    });
}

/** Makes everything too long for its place, which jsdom does not measure. */
const cutAll = () => vi.spyOn(Element.prototype, "scrollWidth", "get").mockReturnValue(10_000);

test("the whole name of a transfer comes up, and stays, while bytes move", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  const cut = cutAll();
  try {
    const report = await moving("a name that is too long for its row.pdf");
    const name = screen.getByTestId("transfer-row").querySelector(".name") as HTMLElement;
    await fireEvent.pointerMove(name, { clientX: 40, clientY: 60 });
    for (const doneBytes of [100, 200, 300, 400, 500, 600]) {
      report({ doneBytes });
      await vi.advanceTimersByTimeAsync(200);
      if (doneBytes >= 300)
        expect(screen.getByTestId("tip").textContent).toBe(
          "a name that is too long for its row.pdf",
        );
    }
  } finally {
    cut.mockRestore();
    vi.useRealTimers();
  }
});

test("a tip says what its place says now, and goes when that says nothing", async () => {
  const cut = cutAll();
  try {
    const error = { code: "offline", message: "Not reached.", hint: "Check the network." };
    const report = await moving("a.pdf");
    report({ state: "waiting", error, retryInMs: 60_000 });
    await waitFor(() =>
      expect(screen.getByTestId("transfer-row").querySelector(".advice")).not.toBeNull(),
    );
    const advice = screen.getByTestId("transfer-row").querySelector(".advice") as HTMLElement;
    await fireEvent.pointerMove(advice, { clientX: 40, clientY: 60 });
    const tip = await screen.findByTestId("tip");
    expect(tip.textContent).toBe("Not reached. Check the network.");
    report({ state: "waiting", error: { ...error, message: "No answer." }, retryInMs: 60_000 });
    await waitFor(() => expect(tip.textContent).toBe("No answer. Check the network."));
    expect(screen.getByTestId("tip")).toBe(tip);
    report({ state: "running", doneBytes: 10 });
    await waitFor(() => expect(screen.queryByTestId("tip")).toBeNull());
  } finally {
    cut.mockRestore();
  }
});

/** What a native tooltip says: texts of the app without anything of the user's in them. */
const ours = new Set([
  "t(`side.${state}Hint`)",
  't(on ? "filter.on" : "filter.open")',
  "limitsTitle",
  "operation.doc",
  "tip(deed)",
  "title",
  't(refreshing ? "bar.refreshing" : "bar.refresh")',
  "t(`transfers.${item.direction}`)",
  'found.mismatch ? undefined : t("verified.asHint")',
  "said.hint && t(said.hint)",
]);

test("no native tooltip has a text of the user's: it would outlive the lock", () => {
  const sources = import.meta.glob<string>("../src/**/*.svelte", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const found: string[] = [];
  for (const [path, source] of Object.entries(sources)) {
    walk(parse(source, { modern: true }).fragment, (node) => {
      if (node.type !== "RegularElement" && node.name !== "Action") return;
      for (const attribute of node.attributes as Node[]) {
        if (attribute.type !== "Attribute" || attribute.name !== "title") continue;
        const { start, end } = attribute as unknown as { start: number; end: number };
        const text = source.slice(start, end).replace(/^(title=)?\{|\}$/g, "");
        if (!/^t\("[\w.]+"\)$/.test(text) && !ours.has(text)) found.push(`${path}: ${text}`);
      }
    });
  }
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

type Node = { type: string; name?: string; attributes?: unknown };

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, visit));
  if (typeof node !== "object" || node === null) return;
  if ("type" in node) visit(node as Node);
  Object.values(node).forEach((child) => walk(child, visit));
}
