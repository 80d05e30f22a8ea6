import type { Pin, PinAlarm } from "../types";

/** Whether the record of a remembered key is lost: nobody knows then whether the key has changed. */
export const isLost = ({ pinned }: PinAlarm): boolean => pinned === null;

/** The keys whose record is lost. What was read of `pins` since may know one of them again. */
export const lostKeys = (pins: readonly Pin[], alarms: readonly PinAlarm[]): Pin["key"][] =>
  alarms
    .filter(isLost)
    .map(({ key }) => key)
    .filter((key) => !pins.some((pin) => pin.key === key));
