import type { Known } from "../types";

/** A state without the service's own word for it, where the app does not know it. */
export const known = <State extends string | { other: string | null }>(state: State) =>
  (typeof state === "string" ? state : "other") as Known<State>;
