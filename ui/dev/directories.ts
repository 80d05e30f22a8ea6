/** The directories of the gallery. */
import type {
  Code,
  Directories,
  Directory,
  DirectoryDevice,
  OpenDirectory,
  Person,
} from "../src/types";

type Has = (word: string) => boolean;
type Refuse = (code: Code, message: string, hint: string) => Promise<never>;
type Answers = Record<string, (args: Record<string, never>) => unknown>;

const MARK = "not documented by the service; may be refused";
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

const directory = (at: number, name: string, shortName: string): Directory => ({
  id: `d${at}f0c2e1-9b7a-4c1d-8e55-02a6b1c7d3e${at}`,
  name,
  shortName,
  createdAt: Date.now() - 86_400_000 * 19 * at,
});

const engines = directory(1, "Engines & Co.", "engines");
const club = directory(
  2,
  "The chess club with the long name in the old house by the river",
  "chess",
);

const person = (at: number, username: string, over: Partial<Person>): Person => ({
  id: `3a51e0${at}7-1d2c-4f5e-8a6b-9c0d1e2f3a4${at}`,
  username,
  givenName: null,
  familyName: null,
  membership: "member",
  devices: 0,
  storageDevices: 0,
  ...over,
});

const bob = person(1, "bob@example.com", { devices: 4, storageDevices: 1 });
const grace = person(2, "grace@example.com", {
  givenName: "Grace",
  familyName: "Hopper",
  devices: 1,
});
const people = [
  bob,
  grace,
  person(3, "carol.with.a.long.name@department.example.com", {
    membership: "invited",
    devices: 3,
    storageDevices: 3,
  }),
];

const device = (
  at: number,
  name: string,
  over: Partial<DirectoryDevice> = {},
): DirectoryDevice => ({
  id: `7c1f0d${at}e-4b8a`,
  name,
  state: "approved",
  person: bob.id,
  ...over,
});

const devices = [
  device(1, "Attic NAS"),
  device(2, "Phone of Bob", { state: "requested" }),
  device(3, "Laptop from the office", { person: grace.id }),
];

const all = (has: Has): Directories => ({
  owned: has("none") ? [] : [engines],
  assigned: has("none") ? [] : [club],
  invitations: has("none")
    ? []
    : [{ directory: "i1", name: "Harbour authority", invitedAt: Date.now() - 3_600_000 }],
  mark: MARK,
});

const opened = (has: Has): OpenDirectory => ({
  directory: engines,
  meta: '{\n  "floor": 2\n}',
  people: has("nobody") ? [] : people,
  devices: has("nobody") ? [] : devices,
  pools: has("untold")
    ? null
    : has("nobody")
      ? []
      : [{ name: "Board", people: [bob.id, grace.id] }],
  own: null,
});

export function directoryAnswers(has: Has, never: Promise<never>, refuse: Refuse): Answers {
  return {
    directories: () => (has("loading") ? never : has("offline") ? refuse(...OFFLINE) : all(has)),
    directory: () =>
      has("gone")
        ? refuse(
            "not_found",
            "The service does not know this any more.",
            "It may have been deleted elsewhere. Refresh the list.",
          )
        : opened(has),
    answer_invitation: () => (has("unheard") ? refuse(...UNSURE) : never),
    change_directory: () => never,
  };
}
