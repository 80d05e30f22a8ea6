import { asErrorView, ipc } from "../ipc";
import { noPolls, withPoll, type Polls } from "../state/votes";

/** How often a poll that somebody looks at is asked about. */
const POLL_MS = 1500;
/** One that cannot be told of is asked about ever more seldom, but at least this often. */
const SELDOM_MS = 60_000;

/** How it stands with asking about a poll. */
type Asking = { awaited: boolean; failures: number; notBefore: number };

/** The polls that somebody looks at, asked about again and again. */
export class FollowedPolls {
  /** How they stand, in the order they became known. */
  known = $state.raw<Polls>(noPolls);
  #followed: Record<string, number> = Object.create(null);
  #asking: Record<string, Asking> = Object.create(null);
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Grows when the profile is left. */
  #life = 0;

  /** `onunknown` is told of a poll that the service does not know. */
  constructor(readonly onunknown: (id: string) => void) {}

  /** Asks as long as somebody looks. Answers how to stop. */
  follow(id: string): () => void {
    const looking = this.#followed[id] ?? 0;
    this.#followed[id] = looking + 1;
    if (looking === 0) this.#askInTime(id);
    this.#timer ??= setInterval(() => this.#askAll(), POLL_MS);
    return () => {
      const left = (this.#followed[id] ?? 1) - 1;
      if (left > 0) this.#followed[id] = left;
      else delete this.#followed[id];
      if (Object.keys(this.#followed).length === 0) this.#rest();
    };
  }

  /** No poll is waited with any longer. */
  hurry(): void {
    for (const asking of Object.values(this.#asking)) asking.failures = asking.notBefore = 0;
  }

  /**
   * A poll that the service does not tell about is simply not shown. With one question at a time no
   * older answer comes over a newer one.
   */
  async ask(id: string): Promise<void> {
    const asking = (this.#asking[id] ??= { awaited: false, failures: 0, notBefore: 0 });
    if (asking.awaited) return;
    asking.awaited = true;
    const life = this.#life;
    try {
      const poll = await ipc.poll(id);
      asking.failures = 0;
      if (life === this.#life) this.known = withPoll(this.known, id, poll);
    } catch (failure) {
      // It may not be known yet, or never: it is asked about again, but ever more seldom.
      asking.failures += 1;
      if (life === this.#life && asErrorView(failure).code === "not_found") this.onunknown(id);
    }
    asking.awaited = false;
    asking.notBefore = performance.now() + pause(asking.failures);
  }

  clear(): void {
    this.#life += 1;
    this.known = noPolls;
    this.#asking = Object.create(null);
  }

  #askAll(): void {
    for (const id of Object.keys(this.#followed)) {
      const state = this.known.get(id)?.state;
      if (state === undefined || state === "open" || typeof state === "object") this.#askInTime(id);
    }
  }

  #askInTime(id: string): void {
    if (performance.now() >= (this.#asking[id]?.notBefore ?? 0)) void this.ask(id);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * One tick, and after failures 1, 2, 4 and more of them. Less half a tick, as ticks may come a
 * little early.
 */
function pause(failures: number): number {
  const wait = Math.min(SELDOM_MS, POLL_MS * 2 ** Math.max(0, failures - 1));
  return wait - POLL_MS / 2;
}
