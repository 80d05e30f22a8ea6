/** What the middle of the window shows. */
export type Place = "files" | "devices" | "votes" | "policies" | "applications" | "console" | "security" | "profile";
