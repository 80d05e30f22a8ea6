import type {
  ErrorView,
  FileWish,
  NetworkFile,
  NetworkView,
  NetworkWish,
  ProxyKind,
} from "../types";

/** What becomes of one file: how it is called now, and what is wished for it. */
export type FileDraft = { name: string | null; wish: FileWish };

/** The network settings as they are being edited. */
export type NetworkDraft = {
  proxy: ProxyKind;
  address: string;
  username: string;
  password: string;
  forget: boolean;
  files: Record<NetworkFile, FileDraft>;
};

export const files: NetworkFile[] = ["ca", "clientCertificate", "clientKey"];
export const proxies: ProxyKind[] = ["system", "none", "explicit"];

const kept = (name: string | null): FileDraft => ({ name, wish: "keep" });

/** A draft that changes nothing. */
export const draftOf = (view: NetworkView): NetworkDraft => ({
  proxy: view.proxy,
  address: view.proxyAddress,
  username: "",
  password: "",
  forget: false,
  files: {
    ca: kept(view.caFile),
    clientCertificate: kept(view.clientCertificate),
    clientKey: kept(view.clientKey),
  },
});

/** Whether an address is missing where one is needed. */
export const addressMissing = (draft: NetworkDraft): boolean =>
  draft.proxy === "explicit" && draft.address.trim() === "";

/** Whether a password was typed without the name it belongs to. */
export const nameMissing = (draft: NetworkDraft): boolean =>
  draft.proxy === "explicit" && draft.password !== "" && draft.username.trim() === "";

/** The field that a refusal of the shell is about, if it is about one. */
export function fieldOf({ code }: Pick<ErrorView, "code">): "address" | "username" | null {
  if (code === "bad_proxy") return "address";
  return code === "bad_proxy_name" ? "username" : null;
}

/** What the shell is asked for. */
export function wishOf(draft: NetworkDraft): NetworkWish {
  const username = draft.username.trim();
  return {
    proxy: draft.proxy,
    proxyAddress: draft.address.trim(),
    login: draft.proxy === "explicit" && username ? { username, password: draft.password } : null,
    forgetLogin: draft.forget,
    caFile: draft.files.ca.wish,
    clientCertificate: draft.files.clientCertificate.wish,
    clientKey: draft.files.clientKey.wish,
  };
}
