import axe from "axe-core";
import { beforeAll, expect, test } from "vitest";
import { screens, show } from "./gallery";

beforeAll(() => {
  document.documentElement.lang = "en";
  document.title = "Privicore";
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

test.each(screens)("axe finds nothing on %s", async (state, shows) => {
  const leave = await show(state);
  expect(document.querySelector(shows), shows).not.toBeNull();
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"],
    // Without a layout there is nothing to measure: see contrast.test.ts.
    rules: { "color-contrast": { enabled: false } },
  });
  await leave();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`),
  ).toEqual([]);
});
