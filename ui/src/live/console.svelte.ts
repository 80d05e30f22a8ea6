import { asErrorView, ipc } from "../ipc";
import {
  given,
  LONGEST_HISTORY,
  outcomeOf,
  withoutSecrets,
  type Outcome,
  type Past,
} from "../state/console";
import { t } from "../strings";
import type {
  ErrorView,
  Operation,
  OperationAnswer,
  OperationRequest,
  RequestedData,
} from "../types";
import { Attempt } from "./attempt.svelte";

/** The operations of the service, the one that is filled in, and what was sent in this session. */
export class Console {
  operations = $state.raw<Operation[] | null>(null);
  error = $state.raw<ErrorView | null>(null);
  chosen = $state.raw<Operation | null>(null);
  typed = $state<Record<string, string>>({});
  request = $state.raw<OperationRequest | null>(null);
  answer = $state.raw<OperationAnswer | null>(null);
  /** The answer's body with its tokens, while they are shown. */
  unmasked = $state.raw<string | null>(null);
  outcome = $state<Outcome | null>(null);
  reason = $state.raw<ErrorView | null>(null);
  settledMs = $state(0);
  /**
   * What came over the WebSocket for a request for data, that it is waited for, or why it does not
   * come.
   */
  data = $state.raw<RequestedData | "pending" | null>(null);
  missing = $state.raw<ErrorView | null>(null);
  savedBytes = $state.raw<number | null>(null);
  history = $state.raw<Past[]>([]);
  work = $state.raw(new Attempt<"show" | "send" | "copy" | "unmask" | "save">());
  /** Grows when something else is filled in: answers to what came before are not shown. */
  #turn = 0;
  #life = 0;
  #key = 0;

  constructor(readonly say: (words: string) => void) {}

  async read(): Promise<void> {
    if (this.operations) return;
    const life = this.#life;
    try {
      this.operations = await ipc.operations();
      this.error = null;
      if (!this.chosen && this.operations[0]) this.choose(this.operations[0]);
    } catch (failure) {
      if (life === this.#life) this.error = asErrorView(failure);
    }
  }

  choose(operation: Operation): void {
    this.leave();
    this.chosen = operation;
  }

  /** Nothing that was typed or answered stays when it is not looked at. */
  leave(): void {
    this.#turn += 1;
    this.work = new Attempt();
    this.typed = {};
    this.#forgetAnswer();
  }

  show = () =>
    this.work.run("show", async () => {
      const turn = this.#turn;
      const { chosen, typed } = this;
      if (!chosen) return;
      const request = await ipc.showOperation(chosen.id, given(chosen, typed));
      if (turn === this.#turn) this.request = request;
    });

  copy = () =>
    this.work.run("copy", async () => {
      const { chosen, typed } = this;
      if (!chosen) return;
      const life = this.#life;
      await ipc.copyOperation(chosen.id, given(chosen, typed));
      if (life === this.#life) this.say(t("console.copied"));
    });

  send = () =>
    this.work.run("send", async () => {
      const { chosen } = this;
      if (!chosen) return;
      const turn = this.#turn;
      const life = this.#life;
      const values = given(chosen, this.typed);
      this.#forgetAnswer();
      const request = await ipc.showOperation(chosen.id, values);
      if (turn !== this.#turn) return;
      this.request = request;
      this.typed = withoutSecrets(chosen, this.typed);
      const key = this.#remember(chosen.id);
      const answer = await ipc.callOperation(chosen.id, values);
      if (life !== this.#life) return;
      this.#learn(key, { status: answer.status, outcome: answer.command ? "pending" : null });
      if (turn === this.#turn) this.answer = answer;
      this.say(t("console.says.answer", { id: chosen.id, status: answer.status }));
      if (answer.command) void this.#settle(answer.command, key, turn, life);
      if (answer.awaitsData) void this.#await(turn);
    });

  unmask = () =>
    this.work.run("unmask", async () => {
      const turn = this.#turn;
      const { answer } = this;
      const body = await ipc.showAnswerTokens();
      if (turn === this.#turn && answer === this.answer) this.unmasked = body;
    });

  save = () =>
    this.work.run("save", async () => {
      const turn = this.#turn;
      const saved = await ipc.saveRequestedData();
      if (turn === this.#turn && saved !== null) this.savedBytes = saved;
    });

  clear(): void {
    this.#life += 1;
    this.leave();
    this.chosen = this.operations?.[0] ?? null;
    this.history = [];
    this.error = null;
  }

  async #settle(command: string, key: number, turn: number, life: number): Promise<void> {
    const began = performance.now();
    if (turn === this.#turn) this.outcome = "pending";
    let reason: ErrorView | null = null;
    try {
      await ipc.settleOperation(command);
    } catch (failure) {
      reason = asErrorView(failure);
    }
    if (life !== this.#life) return;
    const outcome = outcomeOf(reason);
    this.#learn(key, { outcome });
    if (turn !== this.#turn) return;
    this.outcome = outcome;
    this.reason = reason;
    this.settledMs = Math.round(performance.now() - began);
  }

  async #await(turn: number): Promise<void> {
    if (turn !== this.#turn) return;
    this.data = "pending";
    let data: RequestedData | null = null;
    let missing: ErrorView | null = null;
    try {
      data = await ipc.awaitRequestedData();
    } catch (failure) {
      missing = asErrorView(failure);
    }
    if (turn !== this.#turn || this.data !== "pending") return;
    this.data = data;
    this.missing = missing;
  }

  #remember(id: string): number {
    const past: Past = { key: ++this.#key, id, at: Date.now(), status: null, outcome: null };
    this.history = [past, ...this.history].slice(0, LONGEST_HISTORY);
    return past.key;
  }

  #learn(key: number, known: Partial<Past>): void {
    this.history = this.history.map((past) => (past.key === key ? { ...past, ...known } : past));
  }

  #forgetAnswer(): void {
    this.request = this.answer = this.outcome = this.reason = this.unmasked = null;
    this.data = this.missing = this.savedBytes = null;
  }
}
