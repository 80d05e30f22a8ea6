/** The log and the figures of the gallery. */
import type {
  ActivityEntry,
  ActivityOutcome,
  ActivityPage,
  ActivityQuery,
  ActivityState,
  Code,
  Statistics,
} from "../src/types";

type Has = (word: string) => boolean;
type Refuse = (code: Code, message: string, hint: string) => Promise<never>;
type Answers = Record<string, (args: Record<string, never>) => unknown>;

const NOW = Date.now();

let made = 0;
function entry(
  operation: string,
  doc: string,
  outcome: ActivityOutcome,
  steps: [ActivityState, number][],
  reason: string | null = null,
): ActivityEntry {
  made += 1;
  const began = NOW - made * 95_000;
  const known = steps.map(([state, after]) => ({ state, at: began + after }));
  return {
    id: 1000 - made,
    file: null,
    operation,
    group: operation.split(".")[0] ?? "",
    doc,
    command: steps.length > 2 ? `7c1f0d${made}e-4b8a-4f2e-9c3d-51e0a7b2d9f${made % 10}` : null,
    state: known.at(-1)?.state ?? "sent",
    outcome,
    steps: known,
    reason,
  };
}

const entries: ActivityEntry[] = [
  entry("data-token.exchange", "Stores small data, or makes streamed data permanent.", "held", [
    ["sent", 0],
    ["accepted", 40],
    ["pending", 210],
    ["held", 3_200],
  ]),
  entry("data-token.exchange", "Stores small data, or makes streamed data permanent.", "notDone", [
    ["sent", 0],
    ["accepted", 38],
    ["pending", 190],
    ["held", 3_100],
    ["rejectedByVote", 41_000],
  ]),
  entry("device.approve", "Lets a requested device take part.", "done", [
    ["sent", 0],
    ["accepted", 61],
    ["done", 480],
  ]),
  entry(
    "storage.register",
    "Has a device store what is stored from now on.",
    "notDone",
    [
      ["sent", 0],
      ["accepted", 52],
      ["rejected", 300],
    ],
    "device.not_approved",
  ),
  entry("policy.activate", "Puts a policy into force.", "notKnown", [
    ["sent", 0],
    ["accepted", 44],
    ["pending", 250],
    ["notConfirmed", 30_400],
  ]),
  entry(
    "profile.change-password",
    "Changes the password of the profile.",
    "notDone",
    [
      ["sent", 0],
      ["failed", 210],
    ],
    "offline",
  ),
  entry(
    "data-token.request",
    "Asks for stored data; it is delivered on the WebSocket.",
    "notDone",
    [
      ["sent", 0],
      ["pending", 190],
      ["held", 3_300],
      ["voteTimedOut", 120_000],
    ],
  ),
  ...Array.from({ length: 20 }, () =>
    entry("data-token.reserve", "Reserves a place for data that is to be stored.", "done", [
      ["sent", 0],
      ["accepted", 35],
      ["done", 220],
    ]),
  ),
];

const figures: Statistics = {
  days: Array.from({ length: 14 }, (_, at) => ({
    day: new Date(NOW - (13 - at) * 86_400_000).toISOString().slice(0, 10),
    files: at % 4 === 1 ? 0 : (at * 7) % 23,
    bytes: at % 4 === 1 ? 0 : ((at * 7) % 23) * 14_300_000 + at * 91_000,
  })),
  outcomes: { held: 1, done: 134, notDone: 6, notKnown: 1 },
  groups: { "data-token": 118, device: 11, policy: 8, "verified-authenticator": 5 },
  service: { deleted: 14, requested: 96, stored: 1_298, updated: 3 },
  serviceError: null,
  serviceMark: "not documented by the service; may be refused",
};

export function activityAnswers(has: Has, never: Promise<never>, refuse: Refuse): Answers {
  const page = ({ outcome, group, text, limit }: ActivityQuery): ActivityPage => {
    const all = has("none") || has("nobody") ? [] : entries;
    const found = all.filter(
      (one) =>
        (!outcome || one.outcome === outcome) &&
        (!group || one.operation.startsWith(`${group}.`)) &&
        `${one.operation} ${one.doc}`.toLowerCase().includes(text.toLowerCase()),
    );
    return {
      entries: found.slice(0, limit),
      found: found.length,
      all: all.length,
      groups: ["data-token", "device", "policy", "profile", "storage"],
    };
  };
  return {
    activity: ({ query }: { query?: ActivityQuery }) => {
      if (has("loading")) return never;
      if (has("failing"))
        return refuse(
          "locked",
          "The app was locked.",
          "Unlock it to see what was asked of the service.",
        );
      return page(query as ActivityQuery);
    },
    statistics: () =>
      has("silent")
        ? {
            ...figures,
            service: null,
            serviceError: {
              code: "offline",
              message: "The service at sandbox.privicore.com:9009 cannot be reached.",
              hint: "Check the network connection and the address, then try again. Nothing was sent.",
            },
          }
        : has("none")
          ? {
              ...figures,
              days: figures.days.map((day) => ({ ...day, files: 0, bytes: 0 })),
              outcomes: {},
              groups: {},
              service: null,
            }
          : figures,
    export_activity: () => 27,
  };
}
