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

/** The ports that a service has unless its operator chose others. */
const PORTS: Record<ServerKind, number> = {
  api: 8009,
  websocket: 8083,
  upstream: 8010,
  downstream: 8011,
};

/**
 * All four from the one that people know, such as `cloud.example.com` or `https://host:9009`: the
 * other three are looked for on the same host, where services have them by default.
 */
export function fromOne(text: string): Addresses | null {
  const trimmed = text.trim();
  const typed = /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `${schemeFor(trimmed)}://${trimmed}`;
  if (trimmed === "" || !isAddress(typed, "http")) return null;
  const { protocol, hostname, port } = new URL(typed);
  const at = (scheme: string, port: number) => `${scheme}://${hostname}:${port}`;
  const [http, ws] = protocol === "http:" ? ["http", "ws"] : ["https", "wss"];
  return {
    api: port === "" ? at(http, PORTS.api) : `${http}://${hostname}:${port}`,
    websocket: at(ws, PORTS.websocket),
    upstream: at(http, PORTS.upstream),
    downstream: at(http, PORTS.downstream),
  };
}

const schemeFor = (host: string) => (/^(localhost|127\.|\[::1\])/.test(host) ? "http" : "https");

/** More than any connection file has. */
export const LONGEST_FILE = 64 * 1024;

/** The addresses of a connection file: JSON, or lines such as `api = https://…`. */
export function fromFile(text: string): Addresses | null {
  const found = { ...noAddresses, ...(fromJson(text) ?? fromLines(text)) };
  const addresses = trimmed(found);
  return missing(addresses).length + malformed(addresses).length === 0 ? addresses : null;
}

function fromJson(text: string): Partial<Addresses> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter(([, address]) => typeof address === "string");
  return only(entries);
}

const fromLines = (text: string): Partial<Addresses> =>
  only(
    text.split(/\r?\n/).flatMap((line) => {
      const [, key, address] = /^\s*"?(\w+)"?\s*[=:]\s*"?([^"\s]+)"?\s*$/.exec(line) ?? [];
      return key && address ? [[key.toLowerCase(), address] as const] : [];
    }),
  );

const only = (entries: readonly (readonly [string, string])[]): Partial<Addresses> =>
  Object.fromEntries(entries.filter(([key]) => (order as readonly string[]).includes(key)));
