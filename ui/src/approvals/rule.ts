/** A rule as a sentence with blanks, and what it takes to make it. */
import { configurationOf, countingWords } from "../state/votes";
import { t } from "../strings";
import type { Policies, PolicyTemplate, Voting, VotingConfiguration } from "../types";

/** How many of those who are asked must agree. */
export type Counting = "one" | "majority" | "unanimous";
export const countings: readonly Counting[] = ["one", "majority", "unanimous"];
export const minutes: readonly number[] = [2, 5, 15, 60];

export type Rule = {
  readonly template: string;
  readonly events: readonly string[];
  readonly counting: Counting;
  /** Who is asked; nobody named: all. */
  readonly devices: readonly string[];
  readonly minutes: number;
};

/** What a rule is made of at the service, in this order. */
export type Step = "configuration" | "policy" | "activation";
export const steps: readonly Step[] = ["configuration", "policy", "activation"];

export type Plan = {
  readonly configuration: VotingConfiguration;
  /** The configuration is at the service already, under this name. */
  readonly isKnown: boolean;
  readonly policyName: string;
  readonly rule: Rule;
};

/** The template that asks most often: the one of the files, where the service has it. */
export function firstRule({ templates }: Pick<Policies, "templates">): Rule | null {
  const all = templates.filter(({ events }) => events.length > 0);
  const template =
    all.find(({ events }) => events.some(({ id }) => id === "data_token.data_requested")) ?? all[0];
  const event =
    template?.events.find(({ id }) => id === "data_token.data_requested") ?? template?.events[0];
  if (!template || !event) return null;
  return { template: template.id, events: [event.id], counting: "one", devices: [], minutes: 5 };
}

/** The events a rule can still take: those of its template that it has not. */
export const furtherEvents = (rule: Rule, templates: readonly PolicyTemplate[]) =>
  templates
    .find(({ id }) => id === rule.template)
    ?.events.filter(({ id }) => !rule.events.includes(id)) ?? [];

/**
 * What has to be made. A configuration that says the same is used again; names are those of the
 * rule, and told apart where they are taken.
 */
export function planOf(rule: Rule, eventNames: string, voting: Voting, policies: Policies): Plan {
  const wanted = {
    seconds: rule.minutes * 60,
    counting: { kind: rule.counting } as const,
    devices: [...rule.devices].sort(),
  };
  const known = voting.configurations?.find(
    (configuration) =>
      configuration.seconds === wanted.seconds &&
      configuration.counting.kind === rule.counting &&
      configuration.devices.length === wanted.devices.length &&
      [...configuration.devices].sort().every((device, at) => device === wanted.devices[at]),
  );
  const name = t("rule.configurationName", {
    counting: countingWords({ ...wanted, name: "" }),
    minutes: rule.minutes,
  });
  const taken = voting.configurations?.map(({ name }) => name) ?? [];
  return {
    configuration: known ?? { ...wanted, name: free(name, taken) },
    isKnown: known !== undefined,
    policyName: free(
      t("rule.name", { events: eventNames }),
      policies.policies?.map(({ name }) => name) ?? [],
    ),
    rule,
  };
}

/** A name that nobody has: with a number, if need be. */
export function free(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name} ${number}`;
    if (!taken.includes(tried)) return tried;
  }
}

/** The steps that are done already, as the service tells; what is unclear is looked up so. */
export function doneOf(plan: Plan, voting: Voting, policies: Policies): readonly Step[] {
  const policy = policies.policies?.find(({ name }) => name === plan.policyName);
  const isAsked = configurationOf({ events: [], configuration: plan.configuration.name }, voting);
  return steps.filter(
    (step) =>
      ({
        configuration: isAsked !== null,
        policy: policy !== undefined,
        activation: policy?.state === "active",
      })[step],
  );
}
