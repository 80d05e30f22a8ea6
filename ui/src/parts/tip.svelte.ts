/**
 * The whole of a text of the user's that may be cut off, shown when the pointer rests on it.
 *
 * The `title` of the system is drawn by a window of its own, which outlives what it belongs to: the
 * name of a file would lie over the lock. This one is part of the page, and goes with its place.
 *
 * Both arguments are asked when they are needed: a text that changes while the pointer rests (the
 * row of a transfer gets five reports a second) neither takes the tip down nor makes it wait anew.
 */
const REST_MS = 500;
const GAP = 12;

export const whole =
  (text: () => string | null, hasMore: () => boolean = () => false) =>
  (element: HTMLElement): (() => void) => {
    let tip: HTMLElement | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const hide = (): void => {
      clearTimeout(timer);
      tip?.remove();
      tip = null;
      for (const kind of ends) removeEventListener(kind, hide, true);
    };
    const show = (x: number, y: number): void => {
      const words = text();
      if (!words || !(hasMore() || isCut(element))) return;
      tip = document.createElement("div");
      tip.className = "tip";
      tip.dataset.testid = "tip";
      // What is read aloud is whole already.
      tip.ariaHidden = "true";
      tip.textContent = words;
      (element.closest("dialog") ?? document.body).append(tip);
      place(tip, x, y);
      for (const kind of ends) addEventListener(kind, hide, true);
    };
    const rest = ({ clientX, clientY }: PointerEvent): void => {
      if (tip) return;
      clearTimeout(timer);
      timer = setTimeout(() => show(clientX, clientY), REST_MS);
    };

    $effect(() => {
      const words = text();
      if (tip && words) tip.textContent = words;
      else if (tip) hide();
    });

    element.addEventListener("pointermove", rest);
    element.addEventListener("pointerleave", hide);
    return () => {
      hide();
      element.removeEventListener("pointermove", rest);
      element.removeEventListener("pointerleave", hide);
    };
  };

const ends = ["keydown", "pointerdown", "wheel", "scroll", "blur"] as const;

/** Whether something of an element does not fit into it. */
function isCut(element: HTMLElement): boolean {
  const cuts = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }: Element) =>
    scrollWidth > clientWidth || scrollHeight > clientHeight;
  return cuts(element) || [...element.children].some(cuts);
}

function place(tip: HTMLElement, x: number, y: number): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const below = y + GAP + height <= innerHeight ? y + GAP : y - GAP - height;
  tip.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
  tip.style.top = `${Math.max(4, below)}px`;
}
