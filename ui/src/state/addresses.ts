/** The four addresses of a service as the form knows them. */
import type { AddressCheck, Addresses, ServerKind } from "../types";

export const order: readonly ServerKind[] = ["api", "websocket", "upstream", "downstream"];

export const noAddresses: Addresses = { api: "", websocket: "", upstream: "", downstream: "" };

/**
 * Only the API address of the public sandbox is published; its other three are asked of the user.
 */
export const publicSandbox: Addresses = {
  ...noAddresses,
  api: "https://sandbox.privicore.com:9009",
};

export const thisMachine: Addresses = {
  api: "http://localhost:8009",
  websocket: "ws://localhost:8083",
  upstream: "http://localhost:8010",
  downstream: "http://localhost:8011",
};

export const trimmed = (addresses: Addresses): Addresses => ({
  api: addresses.api.trim(),
  websocket: addresses.websocket.trim(),
  upstream: addresses.upstream.trim(),
  downstream: addresses.downstream.trim(),
});

export const missing = (addresses: Addresses): ServerKind[] =>
  order.filter((which) => addresses[which].trim() === "");

/**
 * Those that no service can have, so that all of them are named at once. What the shell takes is
 * stricter still.
 */
export const malformed = (addresses: Addresses): ServerKind[] =>
  order.filter((which) => {
    const text = addresses[which].trim();
    return text !== "" && !isAddress(text, which === "websocket" ? "ws" : "http");
  });

function isAddress(text: string, scheme: "http" | "ws"): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isHere = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return protocol === `${scheme}s:` || (protocol === `${scheme}:` && isHere);
}

export type Checks = Partial<Record<ServerKind, AddressCheck>>;

export const byAddress = (checks: AddressCheck[]): Checks =>
  Object.fromEntries(checks.map((check) => [check.which, check]));
