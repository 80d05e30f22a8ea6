/** The devices and the profile of the gallery. */
import type { Code, Device } from "../src/types";

type Has = (word: string) => boolean;
type Refuse = (code: Code, message: string, hint: string) => Promise<never>;
type Answers = Record<string, (args: Record<string, never>) => unknown>;

const device = (at: number, name: string | null, over: Partial<Device>): Device => ({
  id: `7c1f0d${at}e-4b8a-4f2e-9c3d-51e0a7b2d9f${at}`,
  name,
  state: "approved",
  storage: null,
  ...over,
});

const requested = device(4, "Phone of Alice", { state: "requested" });
const storing = [
  device(1, "Attic NAS", { storage: "online" }),
  device(2, "Office server", { storage: "online" }),
  device(3, "Rented machine, Oslo", { storage: "offline" }),
];
const others = [
  device(5, "A laptop with a name that is rather long, from the office on the second floor", {}),
  device(6, "Old phone", { state: "rejected" }),
  device(7, null, { state: { other: "quarantined" } }),
];

const OFFLINE = [
  "offline",
  "The service at sandbox.privicore.com:9009 cannot be reached.",
  "Check the network connection and the address, then try again. Nothing was sent.",
] as const;
const UNSURE = [
  "not_confirmed",
  "It was sent, but whether the service did it is not known.",
  "Refresh the list to see. Do not send it again before.",
] as const;

export function deviceAnswers(has: Has, never: Promise<never>, refuse: Refuse): Answers {
  let read = 0;
  const list = () => {
    if (has("none")) return [];
    if (has("zero")) return [requested, others[0] as Device];
    if (has("few")) return [requested, storing[0] as Device];
    if (has("two")) return [requested, storing[0] as Device, storing[2] as Device];
    return [requested, ...storing, ...others];
  };
  return {
    devices: () => {
      read += 1;
      if (has("loading")) return never;
      if (has("offline") || (has("away") && read > 1)) return refuse(...OFFLINE);
      return { devices: list(), advised: 3 };
    },
    request_device: () => never,
    change_device: () => {
      if (has("unheard")) return refuse(...UNSURE);
      if (has("refused"))
        return refuse(
          "rejected",
          "The service rejected the command: policy.refused.",
          "Nothing was changed. Check that you may do this, then try again.",
        );
      return never;
    },
    save_device_configuration: () => true,
  };
}

/** Looks like a code for 43 characters: enough for the eye, not for a scanner. */
function outline(): string {
  const corner = (x: number, y: number) =>
    `M${x} ${y}h7v1h-7zM${x} ${y + 6}h7v1h-7zM${x} ${y + 1}h1v5h-1z` +
    `M${x + 6} ${y + 1}h1v5h-1zM${x + 2} ${y + 2}h3v3h-3z`;
  let path = corner(4, 4) + corner(30, 4) + corner(4, 30);
  for (let y = 0; y < 33; y += 1)
    for (let x = 0; x < 33; x += 1) {
      const inCorner = (x < 8 && (y < 8 || y > 24)) || (x > 24 && y < 8);
      if (!inCorner && ((x * 7919 + y * 104729 + x * y * 31) % 7) % 2)
        path += `M${x + 4} ${y + 4}h1v1h-1z`;
    }
  return path;
}

export function account(has: Has, never: Promise<never>, refuse: Refuse): Answers {
  return {
    account: () => {
      if (has("loading")) return never;
      if (has("offline")) return refuse(...OFFLINE);
      return {
        profileId: "0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11",
        expiresAt: Date.now() + (has("soon") ? 200_000 : 47 * 60_000),
      };
    },
    renew_session: () => (has("unheard") ? refuse(...UNSURE) : never),
    change_password: () =>
      has("unheard")
        ? refuse(...UNSURE)
        : has("wrong")
          ? refuse(
              "not_the_password",
              "The current password is another one.",
              "Type the one you sign in with, not the passphrase of this machine. Nothing was changed.",
            )
          : never,
    pairing_code: () => ({
      path: outline(),
      side: 41,
      expiresAt: Date.now() + (has("expired") ? 300 : 298_000),
    }),
  };
}
