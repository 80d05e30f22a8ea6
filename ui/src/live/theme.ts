import type { Theme } from "../types";

/** Shows the page in the theme, and follows the system where that decides. Answers how to stop. */
export function showTheme(theme: Theme): () => void {
  const { dataset } = document.documentElement;
  if (theme !== "system") {
    dataset.theme = theme;
    return () => {};
  }
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = (): void => void (dataset.theme = systemIsDark.matches ? "dark" : "light");
  follow();
  systemIsDark.addEventListener("change", follow);
  return () => systemIsDark.removeEventListener("change", follow);
}
