/**
 * Makes the `.nav` buttons of an element one stop for Tab: arrow keys, Home and End go from one to
 * the next.
 */
export function roving(inside: HTMLElement): () => void {
  const stops = () =>
    [...inside.querySelectorAll("button")].filter((each) => each.matches(".nav") && !each.disabled);
  let last: HTMLElement | null = null;

  function settle(): void {
    const all = stops();
    const stop =
      all.find((each) => each === last) ??
      all.find(
        (each) => each.ariaCurrent === "true" || each.getAttribute("aria-current") === "true",
      ) ??
      all[0];
    for (const each of all) {
      const index = each === stop ? 0 : -1;
      if (each.tabIndex !== index) each.tabIndex = index;
    }
  }

  function onfocusin({ target }: FocusEvent): void {
    if (!(target instanceof HTMLButtonElement) || !stops().includes(target)) return;
    last = target;
    settle();
  }

  function onfocusout({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof Node && inside.contains(relatedTarget)) return;
    // Who comes back begins at the place that is shown.
    last = null;
    settle();
  }

  function onkeydown(event: KeyboardEvent): void {
    const all = stops();
    const at = all.findIndex((each) => each === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  }

  const watch = new MutationObserver(settle);
  watch.observe(inside, {
    childList: true,
    subtree: true,
    attributeFilter: ["aria-current", "disabled"],
  });
  inside.addEventListener("focusin", onfocusin);
  inside.addEventListener("focusout", onfocusout);
  inside.addEventListener("keydown", onkeydown);
  settle();
  return () => {
    watch.disconnect();
    inside.removeEventListener("focusin", onfocusin);
    inside.removeEventListener("focusout", onfocusout);
    inside.removeEventListener("keydown", onkeydown);
  };
}
