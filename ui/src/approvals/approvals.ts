/** What waits for approval, and what was decided, from everything that knows a part of it. */
import type { Polls } from "../state/votes";
import type { Queue } from "../state/transfers";
import { t } from "../strings";
import type { Phone, PhoneBallot, Poll } from "../types";

/** The title of each poll that holds something, by the poll's id. */
export type Titles = ReadonlyMap<string, string>;

export type Asked = { readonly phone: Phone; readonly ballot: PhoneBallot };

export type Approval = {
  readonly id: string;
  /** What it is about in the user's words; else the question as the service puts it. */
  readonly title: string | null;
  /** As the service puts it. */
  readonly question: string | null;
  /** Nothing as long as the service has not told of it. */
  readonly poll: Poll | null;
  readonly isOpen: boolean;
  readonly expiresAt: number | null;
  /** Simulated phones that are asked and have not answered. */
  readonly asked: readonly Asked[];
};

/** Commands by their words; transfers by the name of their file. */
export function titles(commands: Titles, queue: Queue): Titles {
  const all = new Map(commands);
  for (const { poll, direction, name, state } of queue.items.values())
    if (poll && (state === "held" || !all.has(poll)))
      all.set(poll, t(`approvals.${direction}`, { name }));
  return all;
}

/** How many wait, as far as this computer knows without asking. */
export function waiting(commands: Titles, queue: Queue): number {
  const ids = new Set(commands.keys());
  for (const { poll, state } of queue.items.values()) if (poll && state === "held") ids.add(poll);
  return ids.size;
}

/** Open ones first; of each group the newest first. */
export function approvals(
  titles: Titles,
  polls: Polls,
  phones: readonly Phone[],
  started: readonly string[],
): Approval[] {
  const asked = byPoll(phones);
  const ids = new Set([...polls.keys(), ...started, ...titles.keys(), ...asked.keys()]);
  return [...ids]
    .reverse()
    .flatMap((id) => {
      const poll = polls.get(id) ?? null;
      const ballots = asked.get(id) ?? [];
      const [ballot] = ballots;
      const isKnown = poll !== null || ballots.length > 0 || titles.has(id);
      if (!isKnown) return [];
      const question = poll?.question ?? ballot?.ballot.question ?? poll?.title ?? null;
      const approval: Approval = {
        id,
        title: titles.get(id) ?? null,
        question,
        poll,
        isOpen: poll === null || poll.state === "open" || typeof poll.state === "object",
        expiresAt: poll?.expiresAt ?? ballot?.ballot.expiresAt ?? null,
        asked: ballots,
      };
      return [approval];
    })
    .sort((a, b) => Number(b.isOpen) - Number(a.isOpen));
}

function byPoll(phones: readonly Phone[]): Map<string, Asked[]> {
  const asked = new Map<string, Asked[]>();
  for (const phone of phones)
    for (const ballot of phone.ballots)
      asked.set(ballot.poll, [...(asked.get(ballot.poll) ?? []), { phone, ballot }]);
  return asked;
}

/** The phones that can answer: not those that are switched off. */
export const answerable = (all: readonly Approval[]): Asked[] =>
  all.flatMap(({ asked }) => asked.filter(({ phone }) => phone.script.kind !== "silent"));
