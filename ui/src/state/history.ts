/** Where one was before, the latest last. */
import { isSame, type Location } from "./filter";

export type History = readonly Location[];

export const MOST = 50;
export const none: History = [];

export const left = (past: History, from: Location, to: Location): History =>
  isSame(from, to) ? past : [...past, from].slice(-MOST);

export const back = (past: History): { past: History; to: Location | null } => ({
  past: past.slice(0, -1),
  to: past.at(-1) ?? null,
});
