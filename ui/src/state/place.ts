import type { SettingsPlace } from "../settings/sections";

/** Places of the files, which the sidebar leads to. */
export type HomePlace = "files" | "recent" | "attention" | "approvals";

/** What the middle of the window shows. */
export type Place = HomePlace | SettingsPlace;
