/** What the sandbox calls its scopes; of a service only the first is known. */
export const SANDBOX_SCOPES = [
  "all",
  "data-token",
  "device",
  "directory",
  "policy",
  "profile",
  "public-key",
  "storage",
  "verified-authenticator",
  "voting",
];

/** Scopes as they are typed: with commas or spaces between, each once. */
export const scopesOf = (typed: string): string[] => [
  ...new Set(typed.split(/[\s,]+/).filter(Boolean)),
];
