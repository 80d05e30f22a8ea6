/** The pages of the settings. */
export type SettingsPlace =
  | "general"
  | "profile"
  | "security"
  | "devices"
  | "votes"
  | "directories"
  | "applications"
  | "network"
  | "notifications"
  | "policies"
  | "console"
  | "activity";

/** In the order of the navigation. */
export const settings: readonly SettingsPlace[] = [
  "general",
  "profile",
  "security",
  "devices",
  "votes",
  "directories",
  "applications",
  "network",
  "notifications",
];

/** What shows how the service is talked to. */
export const developer: readonly SettingsPlace[] = ["policies", "console", "activity"];

export const isSettingsPlace = (place: string): place is SettingsPlace =>
  ([...settings, ...developer] as string[]).includes(place);
