import { fireEvent, render, screen } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import { ipc } from "../src/ipc";
import { AppState } from "../src/live/app-state";
import { developer, settings, type SettingsPlace } from "../src/settings/sections";
import SettingsPage from "../src/settings/SettingsPage.svelte";

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.setTheme).mockImplementation((theme) =>
    Promise.resolve(view({ theme, revision: 2 })),
  );
});

/** Pages whose own id is another than that of their entry. */
const ids: Partial<Record<SettingsPlace, string>> = { notifications: "notifications-page" };

test.each([...settings, ...developer])(
  "the settings show %s, and mark its entry",
  async (place) => {
    const app = new AppState();
    render(SettingsPage, { app, view: view(), place, onplace: () => {} });
    expect(await screen.findByTestId(ids[place] ?? place)).toBeTruthy();
    expect(screen.getByTestId(`place-${place}`).getAttribute("aria-current")).toBe("true");
    expect(document.querySelectorAll(".settings-nav [aria-current=true]").length).toBe(1);
  },
);

test("an entry of the navigation asks for its page", async () => {
  const onplace = vi.fn();
  render(SettingsPage, { app: new AppState(), view: view(), place: "general", onplace });
  await fireEvent.click(screen.getByTestId("place-security"));
  expect(onplace).toHaveBeenCalledWith("security");
});

test("a theme that is chosen is set", async () => {
  const app = new AppState();
  await app.begin();
  render(SettingsPage, { app, view: view(), place: "general", onplace: () => {} });
  await fireEvent.click(screen.getByTestId("theme-dark"));
  expect(ipc.setTheme).toHaveBeenCalledWith("dark");
});

test("the network page sets how fast bytes may pass", async () => {
  const app = new AppState();
  render(SettingsPage, { app, view: view(), place: "network", onplace: () => {} });
  await fireEvent.input(await screen.findByTestId("limit-upload"), { target: { value: "2.5" } });
  await fireEvent.click(screen.getByTestId("limits-save"));
  expect(ipc.setLimits).toHaveBeenCalledExactlyOnceWith({ upload: 2_500_000, download: null });
  expect(screen.queryByTestId("limits-close")).toBeNull();
});
