import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { device, errorView, fakeIpc, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { Code, Device } from "../src/types";

const requested = device("phone", { state: "requested" });
const storing = device("attic", { storage: "online" });

const type = (id: string, value: string) =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const row = (id: string) =>
  document.querySelector<HTMLElement>(`[data-device="${id}"]`) as HTMLElement;
const press = (id: string, act: string) => fireEvent.click(within(row(id)).getByTestId(act));
const has = (...devices: Device[]) =>
  vi.mocked(ipc.devices).mockResolvedValue({ devices, advised: 3 });

const refusal = (code: Code, message: string) => errorView({ code, message, hint: "What to do." });

async function open(...devices: Device[]): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  has(...devices);
  render(App);
  await goTo("devices");
  await screen.findByTestId("device-new");
}

beforeEach(() => vi.clearAllMocks());

test("a requested device is approved, and the list is asked for anew", async () => {
  await open(requested);
  expect(row("phone").textContent).toContain("Waits for approval");
  has(device("phone"));
  await press("phone", "device-approve");
  expect(ipc.changeDevice).toHaveBeenCalledWith("phone", { kind: "approve" });
  await waitFor(() => expect(row("phone").textContent).toContain("Approved"));
  expect(screen.getByText("“device phone” was approved")).toBeTruthy();
});

test("while the service has not confirmed, it says so and nothing else is asked of that device", async () => {
  await open(requested, storing);
  vi.mocked(ipc.changeDevice).mockReturnValueOnce(new Promise(() => {}));
  await press("phone", "device-approve");
  expect((await within(row("phone")).findByTestId("waiting")).textContent).toContain("Approving…");
  expect(within(row("phone")).getByTestId<HTMLButtonElement>("device-reject").disabled).toBe(true);
  expect(within(row("attic")).getByTestId<HTMLButtonElement>("device-synchronize").disabled).toBe(
    false,
  );
  await goTo("security");
  await goTo("devices");
  expect((await screen.findByTestId("waiting")).textContent).toContain("Approving…");
});

test("what is not confirmed is neither done nor failed, and ends when the user has looked", async () => {
  await open(requested);
  vi.mocked(ipc.changeDevice).mockRejectedValueOnce(refusal("not_confirmed", "It was sent."));
  await press("phone", "device-approve");
  await screen.findByTestId("unclear");
  expect(screen.queryByTestId("alert")).toBeNull();
  expect(within(row("phone")).getByTestId<HTMLButtonElement>("device-approve").disabled).toBe(true);
  has(device("phone"));
  await fireEvent.click(screen.getByTestId("unclear-look"));
  await waitFor(() => expect(screen.queryByTestId("unclear")).toBeNull());
  expect(row("phone").textContent).toContain("Approved");
});

test("a refusal stands at the device it is about", async () => {
  await open(requested, storing);
  vi.mocked(ipc.changeDevice).mockRejectedValueOnce(
    refusal("rejected", "The service rejected the command."),
  );
  await press("phone", "device-reject");
  expect((await within(row("phone")).findByTestId("alert")).textContent).toContain("What to do.");
  expect(within(row("attic")).queryByTestId("alert")).toBeNull();
});

test("removing for good is done only after it was said that it is permanent", async () => {
  await open(storing);
  await press("attic", "device-more");
  await press("attic", "device-remove");
  expect(screen.getByTestId("device-form").textContent).toContain("cannot be undone");
  expect(screen.getByTestId("device-form").textContent).toContain("can no longer be downloaded");
  expect(document.activeElement).toBe(screen.getByTestId("device-form-cancel"));
  expect(ipc.changeDevice).not.toHaveBeenCalled();
  await fireEvent.keyDown(screen.getByTestId("device-form-cancel"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("device-form")).toBeNull());
  expect(document.activeElement).toBe(within(row("attic")).getByTestId("device-more"));
  await press("attic", "device-remove");
  has();
  await fireEvent.submit(screen.getByTestId("device-form"));
  expect(ipc.changeDevice).toHaveBeenCalledWith("attic", { kind: "remove" });
  await screen.findByTestId("devices-none");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Devices & storage"));
});

test("a configuration is saved by the shell and never comes to the page", async () => {
  await open(storing);
  await press("attic", "device-more");
  await press("attic", "device-configuration");
  expect(screen.getByTestId("device-form").textContent).toContain("only once");
  expect(ipc.saveDeviceConfiguration).not.toHaveBeenCalled();
  await fireEvent.submit(screen.getByTestId("device-form"));
  expect(ipc.saveDeviceConfiguration).toHaveBeenCalledWith("attic", "device attic");
  await screen.findByTestId("configuration-saved");
  vi.mocked(ipc.saveDeviceConfiguration).mockResolvedValueOnce(false);
  await press("attic", "device-configuration");
  await fireEvent.submit(screen.getByTestId("device-form"));
  expect(screen.queryByTestId("configuration-saved")).toBeNull();
});

test("a device is requested by name, comes into the list and is at hand", async () => {
  await open();
  has(device("new", { name: "Attic", state: "requested" }));
  await fireEvent.click(screen.getByTestId("device-new"));
  await type("device-name", "  Attic ");
  await fireEvent.submit(screen.getByTestId("device-request"));
  expect(ipc.requestDevice).toHaveBeenCalledWith("Attic");
  await waitFor(() =>
    expect(document.activeElement).toBe(within(row("new")).getByTestId("device-approve")),
  );
  expect(screen.queryByTestId("device-request")).toBeNull();
});

test("the name stays when the request is refused", async () => {
  await open();
  vi.mocked(ipc.requestDevice).mockRejectedValueOnce(refusal("invalid", "No."));
  await fireEvent.click(screen.getByTestId("device-new"));
  await type("device-name", "Attic");
  await fireEvent.submit(screen.getByTestId("device-request"));
  await screen.findByTestId("alert");
  expect(screen.getByTestId<HTMLInputElement>("device-name").value).toBe("Attic");
});

test("fewer storage devices than advised are said with the reason", async () => {
  await open(storing, requested);
  expect(screen.getByTestId("storage-advice").textContent).toContain("One storage device");
  has(storing, device("b", { storage: "online" }), device("c", { storage: "online" }));
  await fireEvent.click(screen.getByTestId("devices-refresh"));
  await waitFor(() => expect(screen.queryByTestId("storage-advice")).toBeNull());
});

test("without the service the last list stays, marked as old; without a list there is a retry", async () => {
  await open(storing);
  vi.mocked(ipc.devices).mockRejectedValueOnce(
    refusal("offline", "The service cannot be reached."),
  );
  await fireEvent.click(screen.getByTestId("devices-refresh"));
  await screen.findByTestId("devices-stale");
  expect(row("attic")).not.toBeNull();
});

test("when nothing was read yet it can be tried again", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.devices).mockRejectedValueOnce(
    refusal("offline", "The service cannot be reached."),
  );
  render(App);
  await goTo("devices");
  await screen.findByTestId("alert");
  has(storing);
  await fireEvent.click(await screen.findByTestId("devices-retry"));
  await screen.findByTestId("device");
});

test("nothing of one profile is seen or heard by the next", async () => {
  await open(storing, requested);
  let done: () => void = () => {};
  vi.mocked(ipc.changeDevice).mockReturnValueOnce(
    new Promise((resolve) => (done = () => resolve(null))),
  );
  await press("phone", "device-approve");
  await within(row("phone")).findByTestId("waiting");
  spoken.heard?.appChanged(view({ revision: 1, stage: "locked", profile: null }));
  await screen.findByTestId("unlock");
  vi.mocked(ipc.devices).mockReturnValue(new Promise(() => {}));
  spoken.heard?.appChanged(view({ revision: 2, profile: "bob" }));
  await goTo("devices");
  await screen.findByTestId("devices");
  const asked = vi.mocked(ipc.devices).mock.calls.length;
  done();
  await waitFor(() =>
    expect(screen.getByTestId("devices").textContent).toContain("Asking the service"),
  );
  expect(screen.queryByTestId("device")).toBeNull();
  expect(document.body.textContent).not.toContain("was approved");
  expect(ipc.devices).toHaveBeenCalledTimes(asked);
});
