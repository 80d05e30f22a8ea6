/** Escape closes what has the focus in it, and nothing around that. */
export const onEscape =
  (close: () => void) =>
  (element: HTMLElement): (() => void) => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    };
    element.addEventListener("keydown", pressed);
    return () => element.removeEventListener("keydown", pressed);
  };
