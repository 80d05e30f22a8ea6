/** Votes, policies and simulated phones of the gallery. */
import type { Phone, Policies, Poll, Voting } from "../src/types";

type Has = (word: string) => boolean;
type Answers = Record<string, (args: Record<string, never>) => unknown>;

const MARK = "not documented by the service; may be refused";
const asked = [
  { id: "7c1f0d4e", name: "Phone of Alice" },
  { id: "7c1f0d5e", name: "Tablet in the kitchen" },
];
const soon = Date.now() + 151_000;

const voting = (has: Has): Voting => ({
  authenticators: has("untold") ? null : has("nobody") ? [] : asked,
  configurations: has("untold")
    ? null
    : has("nobody")
      ? []
      : [
          { name: "Family", seconds: 300, counting: { kind: "majority" }, devices: [] },
          { name: "Only Alice", seconds: 90, counting: { kind: "one" }, devices: ["7c1f0d4e"] },
        ],
  rules: has("nobody") ? { quorum: null, attempts: null } : { quorum: 2, attempts: 2 },
  others: [{ id: "7c1f0d6e", name: "Old laptop" }],
  marks: { authenticators: MARK, configurations: MARK, change: MARK, quorum: MARK },
});

const policies = (has: Has): Policies => ({
  templates: [
    {
      id: "data",
      name: "Data",
      description: null,
      settings: [],
      events: [
        { id: "data_token.data_requested", label: "Request data" },
        { id: "data_token.deleted", label: "Delete data" },
      ],
    },
    {
      id: "device",
      name: "Devices",
      description: null,
      settings: [],
      events: [{ id: "device.approved", label: "Approve a device" }],
    },
  ],
  policies: has("untold")
    ? null
    : has("nobody")
      ? []
      : [
          {
            id: "p1",
            name: "Four eyes",
            template: "data",
            events: ["data_token.data_requested", "data_token.deleted"],
            configuration: "Family",
            state: "active",
          },
          {
            id: "p2",
            name: "New devices",
            template: "device",
            events: ["device.approved"],
            configuration: "Only Alice",
            state: "inactive",
          },
        ],
  listMark: MARK,
  deleteMark: MARK,
});

const QUESTION =
  "alice@example.com wants to have the data “payroll-march.xlsx” of “hr/contracts”. Policy: Four eyes.";

const poll: Poll = {
  id: "poll-1",
  title: "Request data",
  question: QUESTION,
  operation: null,
  state: "open",
  attempt: 1,
  attempts: 2,
  expiresAt: soon,
  ballots: [
    { device: "7c1f0d4e", name: "Phone of Alice", vote: "yes" },
    { device: "7c1f0d5e", name: "Tablet in the kitchen", vote: null },
  ],
};

const phones = (has: Has): Phone[] =>
  has("nobody")
    ? []
    : [
        { id: "7c1f0d4e", name: "Phone of Alice", script: { kind: "byHand" }, ballots: [] },
        {
          id: "7c1f0d5e",
          name: "Tablet in the kitchen",
          script: { kind: "byHand" },
          ballots: [
            {
              poll: "poll-1",
              title: "Request data",
              question: QUESTION,
              attempt: 1,
              attempts: 2,
              expiresAt: soon,
            },
          ],
        },
      ];

export const voteAnswers = (has: Has): Answers => ({
  voting: () => voting(has),
  policies: () => policies(has),
  poll: () => poll,
  started_polls: () => (has("nobody") ? [] : ["poll-1"]),
  phones: () => (has("service") ? null : phones(has)),
});
