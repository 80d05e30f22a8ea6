import { afterEach, expect, test, vi } from "vitest";
import { showTheme } from "../src/live/theme";

const system = Object.assign(new EventTarget(), { matches: true });
vi.stubGlobal("matchMedia", () => system);
const shown = () => document.documentElement.dataset.theme;

function turnSystem(isDark: boolean): void {
  system.matches = isDark;
  system.dispatchEvent(new Event("change"));
}

afterEach(() => void (system.matches = true));

test("follows the system while the theme is the system's", () => {
  const stop = showTheme("system");
  expect(shown()).toBe("dark");
  turnSystem(false);
  expect(shown()).toBe("light");
  stop();
  turnSystem(true);
  expect(shown()).toBe("light");
});

test("a chosen theme does not follow the system", () => {
  showTheme("light");
  turnSystem(true);
  expect(shown()).toBe("light");
  showTheme("dark");
  expect(shown()).toBe("dark");
});
