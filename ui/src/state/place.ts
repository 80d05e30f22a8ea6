/** What the middle of the window shows. */
export type Place = "files" | "devices" | "console" | "security" | "profile";
