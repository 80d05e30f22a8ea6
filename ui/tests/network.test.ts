import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, network, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { AppView, NetworkView } from "../src/types";

const input = (id: string) => screen.getByTestId<HTMLInputElement>(id);

async function open(
  now: NetworkView = network(),
  as: AppView = view(),
  by?: string,
): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(as);
  vi.mocked(ipc.network).mockResolvedValue(now);
  render(App);
  if (by) await fireEvent.click(await screen.findByTestId(by));
  else await goTo("network");
  await screen.findByTestId("network-panel");
}

async function apply(): Promise<void> {
  const form = screen.getByTestId("network-panel");
  await fireEvent.submit(form);
}

beforeEach(() => vi.clearAllMocks());

test("a proxy of one's own needs an address, and is applied with name and password", async () => {
  await open();
  expect(screen.queryByTestId("proxy-address")).toBeNull();
  await fireEvent.click(input("proxy-explicit"));
  await apply();
  expect(ipc.setNetwork).not.toHaveBeenCalled();
  expect(input("proxy-address").getAttribute("aria-invalid")).toBe("true");
  await fireEvent.input(input("proxy-address"), { target: { value: "proxy.test:3128" } });
  await fireEvent.input(input("proxy-username"), { target: { value: "anna" } });
  await fireEvent.input(input("proxy-password"), { target: { value: "open sesame" } });
  vi.mocked(ipc.setNetwork).mockResolvedValue(
    network({
      proxy: "explicit",
      proxyAddress: "http://proxy.test:3128",
      proxySecret: "inKeyring",
    }),
  );
  await apply();
  expect(ipc.setNetwork).toHaveBeenCalledWith({
    proxy: "explicit",
    proxyAddress: "proxy.test:3128",
    login: { username: "anna", password: "open sesame" },
    forgetLogin: false,
    caFile: "keep",
    clientCertificate: "keep",
    clientKey: "keep",
  });
  await waitFor(() => expect(input("proxy-password").value).toBe(""));
  expect(screen.getByTestId("proxy-secret").textContent).toContain("keyring");
  expect(document.body.textContent).toContain("Who is signed in stays signed in.");
});

test("a file is chosen in the shell, shown by its name, and can be taken back", async () => {
  await open(network({ caFile: "old.pem" }));
  expect(screen.getByTestId("network-file-ca").textContent).toBe("old.pem");
  vi.mocked(ipc.chooseNetworkFile).mockResolvedValue("me.pem");
  await fireEvent.click(screen.getByTestId("choose-clientCertificate"));
  await waitFor(() =>
    expect(screen.getByTestId("network-file-clientCertificate").textContent).toBe("me.pem"),
  );
  expect(ipc.chooseNetworkFile).toHaveBeenCalledWith("clientCertificate");
  await fireEvent.click(screen.getByTestId("remove-ca"));
  expect(screen.getByTestId("network-file-ca").textContent).toBe("None");
  await apply();
  const wish = vi.mocked(ipc.setNetwork).mock.calls[0]?.[0];
  expect(wish).toMatchObject({ caFile: "remove", clientCertificate: "chosen", clientKey: "keep" });
});

test("what cannot be used is said with what to do, and stays to be corrected", async () => {
  await open();
  vi.mocked(ipc.setNetwork).mockRejectedValue(
    errorView({
      code: "network_file",
      message: "The file holds no certificate.",
      hint: "Choose another.",
    }),
  );
  await fireEvent.click(input("proxy-none"));
  await apply();
  expect((await screen.findByRole("alert", { hidden: true })).textContent).toContain(
    "Choose another.",
  );
  expect(input("proxy-none").checked).toBe(true);
});

test("the network settings can be reached before anybody is signed in", async () => {
  await open(network(), view({ stage: "signedOut" }), "network-settings");
  await fireEvent.click(screen.getByTestId("settings-close"));
  await waitFor(() => expect(screen.queryByTestId("settings-dialog")).toBeNull());
});
