import type { Pin, PinAlarm } from "../types";

/** Whether the record of the key that was remembered is lost: that it has changed is not known then. */
export const isLost = ({ pinned }: PinAlarm): boolean => !pinned;

/** What is remembered, and what was until its record was lost. */
export function remembered(
  pins: readonly Pin[],
  alarms: readonly PinAlarm[],
): { known: Pin[]; lost: Pin["key"][] } {
  const known = pins.filter(({ fingerprint }) => fingerprint);
  const isKnown = (key: Pin["key"]): boolean => known.some((pin) => pin.key === key);
  const lost = [...pins.filter((pin) => !known.includes(pin)), ...alarms.filter(isLost)]
    .map(({ key }) => key)
    .filter((key, at, all) => !isKnown(key) && all.indexOf(key) === at);
  return { known, lost };
}
