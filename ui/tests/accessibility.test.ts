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
    rules: {
      "color-contrast": { enabled: false },
      "label-content-name-mismatch": { enabled: true },
    },
  });
  const otherwise = namedOtherwise();
  const nameless = namelessCells();
  await leave();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`),
  ).toEqual([]);
  expect(otherwise, "who speaks to the computer says what is written on a button").toEqual([]);
  expect(nameless, "cells without a name").toEqual([]);
});

/** What can be read of an element. */
function written(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const hidden of copy.querySelectorAll(".unseen, [aria-hidden=true], svg")) hidden.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim().toLowerCase();
}

/** Buttons whose name does not contain what is written on them. */
const namedOtherwise = () =>
  [...document.querySelectorAll("button[aria-label], a[aria-label], summary[aria-label]")]
    .filter((button) => /\p{L}/u.test(written(button)))
    .filter((button) => !button.ariaLabel?.toLowerCase().includes(written(button)))
    .map(({ outerHTML }) => outerHTML);

const namelessCells = () =>
  [...document.querySelectorAll("[role=grid] [role=gridcell], [role=grid] [role=columnheader]")]
    .filter((cell) => !cell.ariaLabel && !cell.textContent?.trim())
    .map(({ outerHTML }) => outerHTML);
