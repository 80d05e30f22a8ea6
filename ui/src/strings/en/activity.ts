export const activity = {
  "activity.title": "Activity",
  "activity.lead":
    "What was asked of the service since you signed in or unlocked. " +
    "It is kept in memory only, and gone when you lock or sign out.",
  "activity.loading": "Reading the log…",
  "activity.views": "What is shown",
  "activity.view.log": "Log",
  "activity.view.figures": "Figures",
  "activity.export": "Export…",
  "activity.exporting": "Exporting…",
  "activity.exported": {
    one: "{number} entry was written. It names no file.",
    other: "{number} entries were written. They name no file.",
  },
  "activity.none": "Nothing was asked of the service yet.",
  "activity.none.why":
    "Whatever is stored, fetched or changed is listed here with what became of it.",
  "activity.all": { one: "{number} entry", other: "{number} entries" },
  "activity.found": { one: "{number} entry found", other: "{number} entries found" },
  "activity.noMatch": "No entry is like this.",
  "activity.showAll": "Show all",
  "activity.older": "Show older",
  "activity.list": "Entries, the newest first",
  "activity.filter": "Filter",
  "activity.filter.outcome": "Outcome",
  "activity.filter.group": "Group",
  "activity.filter.any": "Any",
  "activity.search": "Operation or command id",
  "activity.after": "after {time}",
  "activity.reason": "Reason:",
  "activity.command": "Command:",
  "activity.outcome.underWay": "Under way",
  "activity.outcome.held": "Held for a vote",
  "activity.outcome.done": "Done",
  "activity.outcome.notDone": "Not done",
  "activity.outcome.notKnown": "Not known",
  "activity.state.sent": "Sent",
  "activity.state.accepted": "Accepted",
  "activity.state.pending": "Pending",
  "activity.state.held": "Held for a vote",
  "activity.state.done": "Done",
  "activity.state.rejected": "Rejected",
  "activity.state.rejectedByVote": "Rejected by a vote",
  "activity.state.noQuorum": "Too few voted",
  "activity.state.voteTimedOut": "Nobody voted in time",
  "activity.state.failed": "Failed",
  "activity.state.notConfirmed": "Not confirmed",
  "activity.state.leftOff": "Not waited for",
  "activity.state.sent.why": "It is on its way to the service.",
  "activity.state.accepted.why": "The service took it. Nothing is done yet.",
  "activity.state.pending.why": "The service says that it is at it.",
  "activity.state.held.why":
    "It is pending for longer than three seconds: a vote holds it. " +
    "It goes on by itself when the vote allows it.",
  "activity.state.done.why": "The service carried it out.",
  "activity.state.rejected.why": "The service did not carry it out. Nothing was changed.",
  "activity.state.rejectedByVote.why":
    "Nothing was changed. Talk to those who voted before you try again.",
  "activity.state.noQuorum.why":
    "Nothing was changed. See that enough of the devices that vote are at hand, then try again.",
  "activity.state.voteTimedOut.why":
    "Nothing was changed. See that the devices that vote are at hand, then try again.",
  "activity.state.failed.why":
    "It was refused at once, or did not get to the service. " +
    "Where it was asked for, it says what to do.",
  "activity.state.notConfirmed.why":
    "It was sent, and whether the service carried it out is not known. " +
    "Look before you send it again.",
  "activity.state.leftOff.why":
    "The app stopped waiting for it. Whether the service carried it out is not known.",

  "figures.loading": "Counting…",
  "figures.none": "Nothing to count yet.",
  "figures.days": "Stored in the last 14 days",
  "figures.days.why":
    "By the receipts on this machine: " +
    "what is still stored, on the day it was stored, as it is stored.",
  "figures.days.none": "Of what is stored now, nothing was stored in the last 14 days.",
  "figures.day": "Day",
  "figures.bytes": "Size",
  "figures.files": "Files",
  "figures.outcomes": "How it ended",
  "figures.outcomes.why": "Of the entries of the log.",
  "figures.outcome": "Outcome",
  "figures.groups": "What it was about",
  "figures.group": "Group",
  "figures.count": "Entries",
  "figures.service": "What the service counts",
  "figures.service.why": "In its own words, for as long as it counts.",
  "figures.service.mark": "In its own words. This operation is {mark}.",
  "figures.service.none": "This service does not tell.",
  "figures.word": "Word",
} as const;
