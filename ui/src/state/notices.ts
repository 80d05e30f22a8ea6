/** Short messages that come up over the page. */
import type { Notice } from "../types";

export type Shown = Notice & { readonly key: number };
export type Notices = { readonly shown: readonly Shown[]; readonly next: number };

export const MOST = 4;
export const none: Notices = { shown: [], next: 1 };

/** The newest comes last; the same words are not shown twice; the oldest makes room. */
export function said(notices: Notices, notice: Notice): Notices {
  const others = notices.shown.filter((old) => old.message !== notice.message || old.hint !== notice.hint);
  return { shown: [...others, { ...notice, key: notices.next }].slice(-MOST), next: notices.next + 1 };
}

export const dismissed = (notices: Notices, key: number): Notices => ({
  ...notices,
  shown: notices.shown.filter((notice) => notice.key !== key),
});
