/** What several places and screens say. */
export const common = {
  "app.name": "Privicore",
  "app.starting": "Starting Privicore…",
  "app.startFailed": "Privicore could not start",
  "app.retry": "Try again",
  "app.version": "Version {version}",
  "app.dismiss": "Dismiss",
  "app.close": "Close",
  "app.back": "Back",

  "page.refresh": "Refresh",
  "page.refreshing": "Refreshing…",
  "page.stale": "This is how it was when the service last answered.",

  "work.waiting": "The service has not confirmed it yet.",
  "work.waiting.long":
    "Still not confirmed: a vote may have to allow it first, and is shown under Votes then. " +
    "It goes on while you do other things.",
  "work.unclear": "It was sent, but the service has not confirmed it.",
  "work.unclear.hint": "Refresh to see. Do not do it again before: it may still take effect.",
} as const;
