/** What the middle of the window shows. */
export type Place =
  | "files"
  | "devices"
  | "votes"
  | "policies"
  | "activity"
  | "directories"
  | "applications"
  | "console"
  | "security"
  | "profile";
