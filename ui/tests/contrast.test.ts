import { expect, test } from "vitest";
import css from "../src/styles/palette.css?raw";

/** What is written on what, as the styles do it. */
const TEXT = ["--text", "--muted", "--accent", "--ok", "--held", "--warn", "--bad"];
const BACKGROUNDS = ["--bg", "--surface", "--raised", "--hover", "--pick"];
const texts: [text: string, on: string][] = [
  ...TEXT.flatMap((text) => BACKGROUNDS.map((on): [string, string] => [text, on])),
  ["--on-accent", "--accent"],
  ["--on-accent", "--accent-hover"],
  ["--on-badge", "--bad"],
  ["--on-badge", "--held"],
  ["--text", "--warn-soft"],
  ["--muted", "--warn-soft"],
  ["--warn", "--warn-soft"],
  ["--text", "--bad-soft"],
  ["--bad", "--bad-soft"],
];
const shapes: [shape: string, on: string][] = ["--edge", "--focus"].flatMap((shape) =>
  ["--bg", "--surface", "--raised"].map((on): [string, string] => [shape, on]),
);

function palette(theme: string): Record<string, string> {
  const block = css.split(`:root[data-theme="${theme}"] {`)[1]?.split("}")[0] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/(--[\w-]+): (#\w{6});/g)].map(([, name, colour]) => [name, colour]),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

test.each(["light", "dark"])("texts and shapes stand out in the %s theme", (theme) => {
  const colours = palette(theme);
  const tooLow = (pairs: [string, string][], least: number) =>
    pairs
      .map(([front, on]) => ({ front, on, is: contrast(colours[front] ?? "", colours[on] ?? "") }))
      .filter(({ is }) => !(is >= least));
  expect(tooLow(texts, 4.5)).toEqual([]);
  expect(tooLow(shapes, 3)).toEqual([]);
});
