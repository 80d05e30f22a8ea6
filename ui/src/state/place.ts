/** What the middle of the window shows. */
export type Place = "files" | "devices" | "votes" | "policies" | "activity" | "console" | "security" | "profile";
