/** Short messages that come up over the page. */
import type { Code, Notice } from "../types";

/** What is said, and what was being done with which file, if that is known. */
export type Said = Omit<Notice, "code"> & { readonly code?: Code; readonly about?: string };

export type Shown = Said & {
  readonly key: number;
  /** What it is about: the newest last. */
  readonly abouts: readonly string[];
  /** How often it was said. */
  readonly times: number;
};
export type Notices = { readonly shown: readonly Shown[]; readonly next: number };

/** What was left out of what was asked for: it stays until somebody has seen it. */
const leftOut: readonly Code[] = ["skipped", "empty_folder", "numbered"];
export const isLeftOut = ({ code }: Said): boolean => code !== undefined && leftOut.includes(code);

export const MOST = 4;
const MOST_ABOUTS = 100;
export const none: Notices = { shown: [], next: 1 };

/**
 * After how long a message goes by itself, in milliseconds, while nobody points at it or is in it.
 */
export const lifetime: Record<Notice["kind"], number> = { warning: 10_000, error: 20_000 };

/**
 * The newest comes last; what is said again counts up and stays where it is; the oldest makes room.
 */
export function said(notices: Notices, { about, ...notice }: Said): Notices {
  const abouts = about === undefined ? [] : [about];
  const isSame = (old: Shown) =>
    old.kind === notice.kind && old.message === notice.message && old.hint === notice.hint;
  if (!notices.shown.some(isSame)) {
    const shown = [...notices.shown, { ...notice, key: notices.next, abouts, times: 1 }].slice(
      -MOST,
    );
    return { shown, next: notices.next + 1 };
  }
  const again = (old: Shown): Shown => {
    const others = old.abouts.filter((each) => each !== about);
    return { ...old, abouts: [...others, ...abouts].slice(-MOST_ABOUTS), times: old.times + 1 };
  };
  return { ...notices, shown: notices.shown.map((old) => (isSame(old) ? again(old) : old)) };
}

export const dismissed = (notices: Notices, key: number): Notices => ({
  ...notices,
  shown: notices.shown.filter((notice) => notice.key !== key),
});
