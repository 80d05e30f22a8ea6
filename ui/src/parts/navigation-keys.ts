/**
 * Whether who uses the window goes from place to place by keys. Only then is it shown which of all
 * things has the focus: where the window puts it by itself, a frame around half the page says
 * nothing. A field that is typed in always shows it.
 */
const GOES = /^(Tab|F6|Home|End|Arrow(Up|Down|Left|Right)|Page(Up|Down))$/;

/** Marks the page while keys are used; answers how to stop. */
export function followNavigation(page: HTMLElement): () => void {
  const keyed = ({ key, target }: KeyboardEvent): void => {
    const isTyping = target instanceof Element && target.matches("input, textarea, select");
    if (GOES.test(key) && (key === "Tab" || key === "F6" || !isTyping)) page.dataset.keys = "";
  };
  const pointed = (): void => void delete page.dataset.keys;
  addEventListener("keydown", keyed, true);
  addEventListener("pointerdown", pointed, true);
  return () => {
    removeEventListener("keydown", keyed, true);
    removeEventListener("pointerdown", pointed, true);
    pointed();
  };
}
