import { ipc } from "../ipc";
import { doneOf, steps, type Plan, type Step } from "../approvals/rule";
import { t } from "../strings";
import { Work } from "./work.svelte";
import type { Votes } from "./votes.svelte";

/** Makes a rule step by step, and knows what there is when a step fails. */
export class RuleMaking {
  readonly work = new Work<Step>();
  plan = $state.raw<Plan | null>(null);
  done = $state.raw<readonly Step[]>([]);
  /** The step that failed, or whose end is not known. */
  stopped = $state<Step | null>(null);

  constructor(readonly votes: Votes) {}

  /** Goes on where it stopped: what the service has meanwhile is not made a second time. */
  async make(plan: Plan): Promise<boolean> {
    if (this.work.busy !== null) return false;
    const again = this.plan !== null;
    this.plan ??= plan;
    if (again) await this.#look();
    else this.done = plan.isKnown ? ["configuration"] : [];
    this.stopped = null;
    for (const step of steps) {
      if (this.done.includes(step)) continue;
      if (!(await this.work.run(step, () => this.#act(step)))) {
        this.stopped = step;
        await this.votes.read();
        return false;
      }
      this.done = [...this.done, step];
    }
    this.votes.say(t("rule.says.made", { name: this.plan.policyName }));
    await this.votes.read();
    return true;
  }

  async #look(): Promise<void> {
    await this.votes.read();
    const { voting, policies } = this.votes;
    if (this.plan && voting && policies)
      this.done = steps.filter(
        (step) =>
          doneOf(this.plan as Plan, voting, policies).includes(step) || this.done.includes(step),
      );
  }

  async #act(step: Step): Promise<unknown> {
    if (this.plan === null) return;
    const { configuration, policyName: name, rule } = this.plan;
    if (step === "configuration") return ipc.saveVotingConfiguration(configuration);
    if (step === "policy") {
      const { template, events } = rule;
      this.#id = await ipc.registerPolicy({
        name,
        template,
        events: [...events],
        configuration: configuration.name,
        reason: "",
      });
      return;
    }
    return ipc.changePolicy(this.#id ?? this.#known(name), "activate");
  }

  #id: string | null = null;

  #known(name: string): string {
    return this.votes.policies?.policies?.find((policy) => policy.name === name)?.id ?? "";
  }
}
