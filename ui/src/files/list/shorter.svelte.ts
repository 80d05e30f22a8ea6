import { untrack } from "svelte";

/** Tells when something got shorter: how high it was, and is. */
export function whenShorter(height: () => number, tell: (before: number, now: number) => void) {
  let before = untrack(height);
  $effect(() => {
    const now = height();
    untrack(() => now < before && tell(before, now));
    before = now;
  });
}
