import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { fakeIpc, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const reads = {
  devices: ipc.devices,
  votes: ipc.voting,
  policies: ipc.policies,
  activity: ipc.activity,
  directories: ipc.directories,
  applications: ipc.applications,
  profile: ipc.account,
  security: ipc.security,
} as const;
const places = Object.keys(reads) as (keyof typeof reads)[];

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
});

async function open(place: string): Promise<HTMLElement> {
  render(App);
  await goTo(place);
  return screen.findByTestId(place);
}

test.each(places)("%s is read again by F5, by Ctrl R and by its button", async (place) => {
  await open(place);
  const button = await screen.findByTestId<HTMLButtonElement>(`${place}-refresh`);
  const read = vi.mocked(reads[place]);
  for (const ask of [
    () => fireEvent.keyDown(window, { key: "F5" }),
    () => fireEvent.keyDown(window, { key: "r", ctrlKey: true }),
    () => fireEvent.click(button),
  ]) {
    await waitFor(() => expect(button.disabled).toBe(false));
    await waitFor(() => expect(read).toHaveBeenCalled());
    read.mockClear();
    await ask();
    expect(read).toHaveBeenCalledOnce();
  }
});

test.each(places)("%s says why it could not be read, and tries again", async (place) => {
  const failure = { code: "offline", message: "No service.", hint: "Wait." };
  const read = vi.mocked(reads[place] as () => Promise<never>);
  const answer = read.getMockImplementation();
  read.mockRejectedValue(failure);
  const page = await open(place);
  await waitFor(() => expect(page.textContent).toContain("No service."));
  expect(page.querySelector("[role=status] .spinner")).toBeNull();
  if (answer) read.mockImplementation(answer);
  await fireEvent.click(screen.getByTestId(`${place}-retry`));
  await waitFor(() => expect(page.textContent).not.toContain("No service."));
});

test("no place lets the web view load the window again", async () => {
  for (const place of [...places, "console"]) {
    await open(place);
    expect(await fireEvent.keyDown(window, { key: "F5" }), place).toBe(false);
    cleanup();
  }
});
