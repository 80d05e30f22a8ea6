import { ipc } from "../ipc";
import { heldOf, nothingHeld, type Held, type Polls } from "../state/votes";
import { t } from "../strings";
import type {
  NewPolicy,
  Phone,
  PhoneScript,
  Policies,
  Policy,
  PolicyChange,
  Voting,
  VotingConfiguration,
  VotingRules,
  Vote,
} from "../types";
import { FollowedPolls } from "./polls.svelte";
import { RequestGuard } from "./request-guard";
import { EditableState } from "./service-state.svelte";

/** So many held commands are looked at. */
const MOST_HELD = 50;

/** Votes and policies, and what the service was asked for about them. */
export class Votes extends EditableState {
  voting = $state.raw<Voting | null>(null);
  policies = $state.raw<Policies | null>(null);
  /** Nothing where there are no phones to play. */
  phones = $state.raw<Phone[] | null>(null);
  /** The polls that were started on this machine, the first one first. */
  started = $state.raw<readonly string[]>([]);
  /**
   * The commands that votes hold, and what each is for. Transfers that are held are known by the
   * queue.
   */
  held = $state.raw<Held>(nothingHeld);
  #watchers = 0;
  #askedHeld = new RequestGuard();
  #askedPhones = new RequestGuard();
  #polls = new FollowedPolls((id) => this.#giveUp(id));
  /** Polls of one's own that the service does not know any more. */
  #gone: readonly string[] = [];

  /** How the polls that were looked at stand. */
  get polls(): Polls {
    return this.#polls.known;
  }

  /** Asks about a poll again and again as long as somebody looks. Answers how to stop. */
  follow = (id: string) => this.#polls.follow(id);

  read(): Promise<void> {
    const ask = () => Promise.all([ipc.voting(), ipc.policies(), ipc.startedPolls()]);
    return this.load(ask, ([voting, policies, started]) => {
      this.voting = voting;
      this.policies = policies;
      this.started = started.filter((id) => !this.#gone.includes(id));
    });
  }

  /** The user looks: no poll is waited with. */
  override async refresh(): Promise<void> {
    this.#polls.hurry();
    await super.refresh();
  }

  /** Somebody looks at what is held, until what is answered is called. */
  watch(): () => void {
    this.#watchers += 1;
    void this.#readHeld();
    return () => (this.#watchers -= 1);
  }

  /** What was asked of the service went on; what nobody looks at is not asked for. */
  activityChanged(): void {
    if (this.#watchers > 0) void this.#readHeld();
  }

  /** When it cannot be told, what is held is shown where it was asked for. */
  async #readHeld(): Promise<void> {
    const taken = this.#askedHeld.begin();
    try {
      const { entries } = await ipc.activity({
        outcome: "held",
        group: null,
        text: "",
        limit: MOST_HELD,
      });
      if (taken()) this.held = heldOf(entries);
    } catch {
      // The next change asks again.
    }
  }

  async readPhones(): Promise<void> {
    const taken = this.#askedPhones.begin();
    try {
      const phones = await ipc.phones();
      if (taken()) this.phones = phones;
    } catch {
      // Whoever looks asks again soon.
    }
  }

  addAuthenticator = (id: string, name: string) =>
    this.carryOut("add", "add", t("votes.says.added", { name }), () => ipc.addAuthenticator(id));

  removeAuthenticator = (id: string, name: string) =>
    this.carryOut(`device ${id}`, "remove", t("votes.says.removed", { name }), () =>
      ipc.removeAuthenticator(id),
    );

  saveConfiguration = (configuration: VotingConfiguration) =>
    this.carryOut(
      "configuration",
      "save",
      t("votes.says.saved", { name: configuration.name }),
      () => ipc.saveVotingConfiguration(configuration),
    );

  /**
   * The rules are two commands for the service: the first may hold though the second was refused.
   */
  async setRules(rules: VotingRules): Promise<boolean> {
    const life = this.life;
    const set = await this.carryOut("rules", "save", t("votes.says.rules"), () =>
      ipc.setVotingRules(rules),
    );
    if (!set && life === this.life) await this.read();
    return set;
  }

  register = (policy: NewPolicy) =>
    this.carryOut("policy", "register", t("policies.says.register", { name: policy.name }), () =>
      ipc.registerPolicy(policy),
    );

  changePolicy = (policy: Policy, change: PolicyChange) =>
    this.carryOut(
      `policy ${policy.id}`,
      change,
      t(`policies.says.${change}`, { name: policy.name }),
      () => ipc.changePolicy(policy.id, change),
    );

  start = (configuration: string, title: string, question: string) =>
    this.work("ask").run("ask", async () => {
      const life = this.life;
      const id = await ipc.startPoll(configuration, title, question);
      if (life !== this.life) return;
      this.started = [...this.started, id];
      // It is open whether or not the lists can be read. What is being read may be from before.
      void this.read();
    });

  pair = (name: string) =>
    this.carryOut("pair", "pair", t("phones.says.paired", { name }), async () => {
      const life = this.life;
      await ipc.pairPhone(name);
      if (life === this.life) await this.readPhones();
    });

  script = (id: string, script: PhoneScript) =>
    this.work(`phone ${id}`).run("script", async () => {
      const life = this.life;
      await ipc.setPhoneScript(id, script);
      if (life === this.life) await this.readPhones();
    });

  /** Answers for a simulated phone. */
  answer = (id: string, poll: string, vote: Vote) =>
    this.work(`phone ${id}`).run(vote, async () => {
      const life = this.life;
      const counted = await ipc.answerOnPhone(id, poll, vote);
      if (life !== this.life) return;
      this.say(t(counted ? `phones.says.${vote}` : "phones.says.late"));
      await Promise.all([this.readPhones(), this.#polls.ask(poll)]);
    });

  /** Says yes on every simulated phone that is asked; one that fails does not keep back the others. */
  approveAll = (asked: readonly { phone: string; poll: string }[]) =>
    this.work("all").run("all", async () => {
      const life = this.life;
      const answers = await Promise.allSettled(
        asked.map(({ phone, poll }) => ipc.answerOnPhone(phone, poll, "yes")),
      );
      if (life !== this.life) return;
      const done = answers.filter((answer) => answer.status === "fulfilled" && answer.value).length;
      this.say(
        done === asked.length
          ? t("approvals.all.done", {}, done)
          : t("approvals.all.some", { done, all: asked.length }),
      );
      await Promise.all([this.readPhones(), ...asked.map(({ poll }) => this.#polls.ask(poll))]);
      const failure = answers.find((answer) => answer.status === "rejected");
      if (failure) throw failure.reason;
    });

  /**
   * What was started here and is not known any more never will be. What is held may be known later,
   * and is followed for that.
   */
  #giveUp(id: string): void {
    if (!this.started.includes(id)) return;
    this.#gone = [...this.#gone, id];
    this.started = this.started.filter((known) => known !== id);
  }

  override clear(): void {
    super.clear();
    this.#askedHeld.invalidate();
    this.#askedPhones.invalidate();
    this.voting = this.policies = this.phones = null;
    this.#polls.clear();
    this.#gone = [];
    this.started = [];
    this.held = nothingHeld;
  }
}
