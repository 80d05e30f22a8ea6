import { duration } from "../format";
import { catalogue, locale } from "../strings/language.svelte";
import { t, type Phrase } from "../strings";
import { titleOf } from "./activity";
import type { Mark } from "./devices";
import type {
  ActivityEntry,
  Known,
  Poll,
  Policies,
  Policy,
  PolicyTemplate,
  Voting,
  VotingConfiguration,
} from "../types";

export const pollMarks: Record<Known<Poll["state"]>, Mark> = {
  open: { tone: "held", icon: "clock" },
  accepted: { tone: "ok", icon: "check" },
  rejected: { tone: "bad", icon: "cross" },
  noQuorum: { tone: "warn", icon: "warning" },
  timedOut: { tone: "warn", icon: "clock" },
  other: { tone: "quietly", icon: "ask" },
};

/** Polls by their ids, in the order they became known. */
export type Polls = ReadonlyMap<string, Poll>;
export const noPolls: Polls = new Map();
export const withPoll = (polls: Polls, id: string, poll: Poll): Polls =>
  new Map(polls).set(id, poll);

/** What each poll holds, in words. */
export type Held = ReadonlyMap<string, string>;
export const nothingHeld: Held = new Map();
export const heldOf = (entries: readonly ActivityEntry[]): Held =>
  new Map(
    entries.flatMap((entry) => (entry.command === null ? [] : [[entry.command, titleOf(entry)]])),
  );

export function tally({ ballots }: Poll): { yes: number; no: number; open: number } {
  const of = (vote: "yes" | "no" | null) => ballots.filter((ballot) => ballot.vote === vote).length;
  return { yes: of("yes"), no: of("no"), open: of(null) };
}

/** Yes, no, outstanding, time left and attempt, in one line. */
export function pollLine(poll: Poll, now: number): string {
  const parts = [t("votes.tally", tally(poll))];
  if (poll.state === "open" && poll.expiresAt !== null)
    parts.push(t("votes.left", { time: duration(Math.max(0, (poll.expiresAt - now) / 1000)) }));
  if (poll.attempt !== null)
    parts.push(
      poll.attempts === null
        ? t("votes.attempt", { attempt: poll.attempt })
        : t("votes.attemptOf", { attempt: poll.attempt, attempts: poll.attempts }),
    );
  return parts.join(" · ");
}

const list = (words: string[], type: "conjunction" | "disjunction") =>
  new Intl.ListFormat(locale(), { type }).format(words);

/** Several events, one of which is enough. */
export const listWords = (words: string[]): string => list(words, "disjunction");

/** What is done, after "before": in words where the event is known, else as the service calls it. */
export function eventWords(id: string, templates: readonly PolicyTemplate[]): string {
  const known = `event.${id}`;
  if (known in catalogue()) return t(known as Phrase);
  const label =
    templates.flatMap(({ events }) => events).find((event) => event.id === id)?.label ?? id;
  return t("policies.event", { label });
}

export function time(seconds: number): string {
  return seconds % 60 === 0 && seconds > 0
    ? t("votes.minutes", {}, seconds / 60)
    : t("votes.seconds", {}, seconds);
}

export function countingWords({ counting }: VotingConfiguration): string {
  return counting.kind === "share"
    ? t("votes.counting.share", { percent: counting.percent })
    : t(`votes.counting.${counting.kind}`);
}

function voters({ devices }: VotingConfiguration, voting: Voting): string {
  if (devices.length === 0) return t("votes.all");
  const name = (id: string) =>
    [...(voting.authenticators ?? []), ...voting.others].find((device) => device.id === id)?.name ??
    id;
  return list(devices.map(name), "conjunction");
}

/** A voting configuration in words. */
export const configurationWords = (configuration: VotingConfiguration, voting: Voting): string =>
  t("votes.configuration.words", {
    counting: countingWords(configuration),
    who: voters(configuration, voting),
    time: time(configuration.seconds),
  });

type Wanted = Pick<Policy, "events" | "configuration">;

export const configurationOf = (
  wanted: Wanted,
  voting: Voting | null,
): VotingConfiguration | null =>
  voting?.configurations?.find(({ name }) => name === wanted.configuration) ?? null;

/** A policy in a sentence or two. */
export function sentence(
  wanted: Wanted,
  { templates }: Pick<Policies, "templates">,
  voting: Voting | null,
): string {
  const events = list(
    wanted.events.map((id) => eventWords(id, templates)),
    "disjunction",
  );
  const configuration = configurationOf(wanted, voting);
  if (!voting || !configuration)
    return t("policies.sentenceShort", {
      events,
      configuration: wanted.configuration ?? t("policies.profileRules"),
    });
  const { quorum, attempts } = voting.rules ?? { quorum: null, attempts: null };
  const how = {
    events,
    counting: countingWords(configuration),
    who: voters(configuration, voting),
    time: time(configuration.seconds),
  };
  const asks =
    attempts !== null && attempts > 1
      ? t("policies.sentenceTimes", { ...how, attempts })
      : t("policies.sentence", how);
  return quorum !== null && quorum > 1 ? `${asks} ${t("policies.quorum", { quorum })}` : asks;
}

/** Why a policy could lock the user out: what it holds could never be allowed. */
export function lockout(wanted: Wanted, voting: Voting | null): string[] {
  if (voting === null || voting.authenticators === null) return [];
  const authenticators = voting.authenticators.map(({ id }) => id);
  if (authenticators.length === 0) return [t("policies.warn.nobody")];
  const configuration = configurationOf(wanted, voting);
  const devices = configuration?.devices ?? [];
  const asked =
    devices.length === 0
      ? authenticators.length
      : devices.filter((id) => authenticators.includes(id)).length;
  if (asked === 0) return [t("policies.warn.noneOfThem")];
  const quorum = voting.rules?.quorum ?? 1;
  return quorum > asked ? [t("policies.warn.quorum", { quorum, devices: asked })] : [];
}
