/** What the palette offers beside files and folders. */
import { developer, isSettingsPlace, settings } from "../settings/sections";
import type { Command } from "../state/palette";
import type { Place } from "../state/place";
import { t } from "../strings";

export type CommandActs = {
  readonly go: (place: Place) => void;
  readonly refresh: () => void;
  readonly another: () => void;
  readonly help: () => void;
  readonly lock: () => void;
};

const placeWords = (to: Place): string =>
  isSettingsPlace(to) ? `${t("settings.title")}: ${t(`settings.${to}`)}` : t(`side.${to}`);

export function commands({ go, refresh, another, help, lock }: CommandActs): Command[] {
  const places = ["files", "recent", "attention", "approvals", ...settings, ...developer] as const;
  return [
    ...places.map((to) => ({ id: `place ${to}`, label: placeWords(to), run: () => go(to) })),
    { id: "refresh", label: t("bar.refresh"), run: refresh },
    { id: "another", label: t("account.another"), run: another },
    { id: "shortcuts", label: t("account.shortcuts"), run: help },
    { id: "lock", label: t("account.lock"), run: lock },
  ];
}
