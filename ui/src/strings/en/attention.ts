/** The cards of what needs attention: what it is, and the one button that helps. */
export const attention = {
  "attention.label": "What needs attention",
  "attention.more": { one: "and {number} more", other: "and {number} more" },
  "attention.act": "{act}: {title}",
  "attention.working": "Working…",

  "attention.keys.title": "A key has changed",
  "attention.keys.body": "Nothing is stored until you have compared the fingerprints.",
  "attention.keys.act": "Compare…",
  "attention.missing.title": {
    one: "{number} file is missing at the service",
    other: "{number} files are missing at the service",
  },
  "attention.missing.body": "If you still have the original, store it again.",
  "attention.missing.act": "Show files",
  "attention.mismatch.title": {
    one: "{number} file is not what you stored",
    other: "{number} files are not what you stored",
  },
  "attention.mismatch.body": "The service returned other contents than you stored.",
  "attention.mismatch.act": "Show files",
  "attention.notListed.title": {
    one: "{number} file is not listed by the service",
    other: "{number} files are not listed by the service",
  },
  "attention.notListed.body": "It may only be late. Ask the service again.",
  "attention.notListed.act": "Check again",
  "attention.transfers.title": {
    one: "{number} transfer failed",
    other: "{number} transfers failed",
  },
  "attention.transfers.body": "The list of transfers says why.",
  "attention.transfers.act": "Try again",
  "attention.notConfirmed.title": {
    one: "{number} deletion is not confirmed",
    other: "{number} deletions are not confirmed",
  },
  "attention.notConfirmed.body": "The service has not confirmed it. The file may still be there.",
  "attention.notConfirmed.act": "Check again",
  "attention.unsure.title": {
    one: "{number} transfer is not confirmed",
    other: "{number} transfers are not confirmed",
  },
  "attention.unsure.body": "It was sent, but the service has not confirmed it.",
  "attention.unsure.act": "Check again",
  "attention.renamed.title": {
    one: "{number} file was renamed elsewhere",
    other: "{number} files were renamed elsewhere",
  },
  "attention.renamed.body": "Accept the new name only if you or your computers changed it.",
  "attention.renamed.act": "Show files",
  "attention.unverified.title": {
    one: "{number} file was not verified for {days} days",
    other: "{number} files were not verified for {days} days",
  },
  "attention.unverified.body":
    "Verify them to know that the service still returns what you stored.",
  "attention.unverified.act": "Show files",
  "attention.kit.title": "Your recovery kit is not saved",
  "attention.kit.body": "Without it, losing this computer means losing your files.",
  "attention.kit.act": "Start, 2 minutes",
} as const;
