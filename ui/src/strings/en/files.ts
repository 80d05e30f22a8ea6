export const files = {
  "bar.search": { one: "Search {number} file", other: "Search {number} files" },
  "bar.searchEmpty": "Search",
  "bar.clearSearch": "Clear search",
  "bar.add": "Add files…",
  "bar.folder": "Add folder…",
  "bar.choosing": "Waiting for your choice…",
  "bar.context": "New files go to context",
  "bar.contextNote": "The service can see this label, not names or contents.",
  "bar.contextEmpty": "Name a context first",
  "bar.contextDefault": "documents",
  "bar.form": "Form of new files in this context",
  "bar.formNote":
    "A shared key opens them in other programs too; only who has it can. " +
    "It stays chosen for this context.",
  "bar.form.age": "Sealed to you",
  "bar.form.shared": "Shared key: {name}",
  "bar.refresh": "Refresh the list",
  "bar.refreshing": "Refreshing…",

  "table.label": "Files",
  "table.name": "Name",
  "table.context": "Context",
  "table.size": "Size",
  "table.stored": "Stored",
  "table.state": "State",
  "table.loading": "Loading your files…",
  "table.loadingRow": "Loading…",
  "table.failed": "The list could not be read",
  "table.count": { one: "{number} file", other: "{number} files" },
  "table.ofAll": "of {all}",
  "table.drop": "Drop files anywhere to seal and store them here.",
  "table.unknown": "unknown",

  "empty.title": "Nothing stored yet",
  "empty.body":
    "Drop files or folders anywhere in this window. " +
    "They are sealed here, on this machine, before they are sent.",
  "empty.searchTitle": "No file matches “{search}”",
  "empty.searchContext": "Nothing in the context “{context}” matches.",
  "empty.search": "Check the spelling, or search for a part of the name.",
  "empty.contextTitle": "Nothing in “{context}”",
  "empty.context": "New files go to this context while it is selected.",
  "empty.showAll": "Show all files",

  "state.stored": "Stored",
  "state.verified": "Verified",
  "state.missing": "Missing",
  "state.notListed": "Not listed",
  "state.unanswered": "Not listed, no answer",
  "state.mismatch": "Not as stored",
  "state.notConfirmed": "Not confirmed",
  "state.missingReceipt": "No receipt",
  "state.deleting": "Deleting…",
  "state.stored.why":
    "The service confirmed it, and this machine keeps a receipt of the exact bytes it sent.",
  "state.verified.why":
    "It was read back through the service, opened, and is exactly what this machine sent.",
  "state.missing.why":
    "The service does not list it any more and does not know its token. Keep your original.",
  "state.notListed.why":
    "The service does not list it but accepts its token. " +
    "Verify it to see whether the bytes are there. Keep your original.",
  "state.unanswered.why":
    "The service does not list it, and has not said whether it knows its token. " +
    "The app asks again later. Keep your original.",
  "state.mismatch.why":
    "When it was read back, it was not what this machine sent. Keep your original.",
  "state.notConfirmed.why":
    "The service has not confirmed that it holds this file. Keep your original until it does.",
  "state.missingReceipt.why":
    "This machine has no receipt for it. " +
    "It can be opened, but not compared with what was once stored.",
  "state.deleting.why": "It will be deleted from the service when the time to undo has passed.",

  "verified.as": {
    one: "Verified: stored on {number} storage device as of {when}.",
    other: "Verified: stored on {number} storage devices as of {when}.",
  },
  "verified.unknown": "Verified {when}. How many storage devices there are was not told.",
  "verified.asHint": "The service reports the devices, not which of them hold this file.",
  "verified.swapped":
    "Read back {when}, it opened, but was something else: swapped or rolled back.",
  "verified.damaged": "Read back {when}, it was damaged and did not open.",
  "verified.cut_short": "Read back {when}, it ended too early.",

  "pane.verify": "Verify now",
  "pane.verifyAgain": "Verify again",
  "pane.verifying": "Starting…",
  "pane.verifyHint":
    "Reads it back through the service and compares it with its receipt. Nothing is written.",

  "missing.since": "Missing since {since}. Last seen {seen}.",
  "missing.neverListed": "Missing since {since}. Never listed.",
  "missing.forget": "Forget",
  "missing.forgetHint": "Takes it off this list. Its receipt stays in the export.",
  "missing.forgetting": "Forgetting…",

  "receipt.lost": "There was a receipt on this machine. It is damaged or was deleted.",

  "renamed.title": "Renamed elsewhere",
  "renamed.as": "The service lists it as “{name}”, label “{context}”.",
  "renamed.accept": "Use this name",
  "renamed.acceptHint":
    "Only if you or another of your computers renamed it. " +
    "Otherwise the service may have exchanged names.",
  "renamed.accepting": "Renaming…",

  "empty.attentionTitle": "No files need attention",
  "empty.attention":
    "Every file is at the service under its own name, as far as this app has checked.",

  "preview.close": "Close preview",
  "preview.loading": "Opening… If a policy asks for approval, this lasts until the vote ends.",
  "preview.beginning":
    "This is the beginning, not compared with the receipt. Save the file to read all of it.",
  "preview.hidden": "Previews are off. You can turn them on in the settings.",
  "preview.otherKind": "This kind of file has no preview. Save it to open it.",
  "preview.tooLarge": "This file is too large to preview. Save it to open it.",
  "preview.notReadable": "This file has the name of a picture, but cannot be read as one.",

  "open.opened": "“{name}” is open in another application.",
  "open.openedHint":
    "It reads a copy that is not encrypted. Privicore removes the copy when it locks.",
  "drag.preparing": "Preparing the files. Keep the button down, or drop them: the drop waits.",

  "pane.label": "Details",
  "pane.preview": "Preview",
  "pane.none": "No file selected",
  "pane.noneBody": "Select a file to see where and when it was stored, to save it or to delete it.",
  "pane.open": "Open",
  "pane.opening": "Opening…",
  "pane.openHint": "Opens a read-only copy in its application",
  "pane.save": "Save…",
  "pane.saving": "Choose where…",
  "pane.delete": "Delete",
  "pane.deleting": "Deleting…",
  "pane.folder": "Folder",
  "pane.context": "Context",
  "pane.size": "Size",
  "pane.storedSize": "Sealed size",
  "pane.storedAt": "Stored",
  "pane.sees": "Service sees",
  "pane.seesWhat": "a sealed name, the context and the sealed size",

  "openers.title": "Can be opened by",
  "openers.resealAnyway": "Encrypt again without a receipt",
  "openers.applicationKey": "Your application key",
  "openers.recoveryKey": "Your recovery key",
  "openers.recipient": "A recipient",
  "openers.sharedKey": "A shared key",
  "openers.former": "not used for new files any more",
  "openers.missing": "not on this machine",
  "openers.unknown": "Not known: this machine has no receipt for it. Sealed again, it has one.",
  "openers.outdated": "Stored today, it would be sealed to other keys or people.",
  "openers.reseal": "Seal again",
  "openers.failed": "Who can open it could not be read.",

  "token.title": "Token",
  "token.why":
    "What stands for this file at the service. It opens nothing, but is not for everybody's eyes.",
  "token.copy": "Copy token",
  "token.copying": "Copying…",
  "token.show": "Show as code",
  "token.showing": "Drawing…",
  "token.hide": "Hide code",
  "token.code": "The token of {name} as a QR code",
  "token.copied": "Copied;",
  "token.left": "cleared in {seconds} s",
  "token.cleared": "Cleared from the clipboard.",
  "token.replaced": "Something else is on the clipboard by now; it was left there.",

  "pane.close": "Close details",
  "pane.several": { one: "{number} file selected", other: "{number} files selected" },
  "pane.severalSize": "{size} together",

  "bulk.label": "Selected files",
  "bulk.count": { one: "{number} selected", other: "{number} selected" },
  "bulk.save": "Save…",
  "bulk.delete": "Delete",
  "bulk.clear": "Clear selection",
  "bulk.selecting": "Selecting all {number} files…",
  "bulk.selectFailed": "The files could not be selected.",
} as const;
