export const devices = {
  "devices.title": "Devices & storage",
  "devices.lead": "Devices take part in your profile. Storage devices keep your encrypted files.",
  "devices.loading": "Asking the service for your devices…",
  "devices.list": "Your devices",
  "devices.list.why":
    "A device takes part once you have approved it. Approve only what you have requested yourself.",
  "devices.none": "Request your first device, then approve it and set it up.",
  "devices.id": "Device identifier",
  "devices.unnamed": "Without a name",
  "devices.acts": "What to do with {name}",
  "devices.actOn": "{act} {name}",
  "devices.more": "More",
  "devices.less": "Less",
  "devices.advice.label": "Advice on storage",
  "devices.advice.none": "No storage device",
  "devices.advice.noneWhy":
    "What you send has nowhere to land: nothing can be stored. " +
    "Register an approved device as storage; {number} or more are advised.",
  "devices.advice.few": { one: "One storage device", other: "{number} storage devices" },
  "devices.advice.oneWhy":
    "If it is lost, your files are lost with it. Use {number} or more: then one can be " +
    "lost or away.",
  "devices.advice.fewWhy":
    "While one is away, only one is left to read from. Use {number} or more.",
  "devices.advice.silent": {
    one: "One of them does not answer now.",
    other: "{number} of them do not answer now.",
  },
  "devices.state.requested": "Waits for approval",
  "devices.state.approved": "Approved",
  "devices.state.rejected": "Rejected",
  "devices.state.other": "State not told",
  "devices.storage.not": "Does not store",
  "devices.storage.online": "Stores, answers",
  "devices.storage.offline": "Stores, does not answer",
  "devices.storage.word": "Stores ({word})",
  "devices.approve": "Approve",
  "devices.reject": "Reject",
  "devices.registerStorage": "Use as storage",
  "devices.synchronize": "Synchronise",
  "devices.removeStorage": "Stop storing…",
  "devices.remove": "Remove for good…",
  "devices.rename": "Rename…",
  "devices.configuration": "Configuration…",
  "devices.approve.busy": "Approving…",
  "devices.reject.busy": "Rejecting…",
  "devices.registerStorage.busy": "Registering it as storage…",
  "devices.synchronize.busy": "Bringing what it stores up to date…",
  "devices.removeStorage.busy": "Taking it out of storage…",
  "devices.remove.busy": "Removing it for good…",
  "devices.rename.busy": "Renaming…",
  "devices.unclear.request": "The request was sent, but the service has not confirmed it.",
  "devices.rename.name": "New name",
  "devices.rename.go": "Rename",
  "devices.removeStorage.what": "“{name}” stores nothing more. It stays one of your devices.",
  "devices.removeStorage.go": "Stop storing",
  "devices.remove.what":
    "“{name}” is removed for good. " +
    "This cannot be undone: to take part again it has to be requested and set up anew.",
  "devices.remove.storage":
    "What only this device stores can no longer be downloaded. Synchronise the others first.",
  "devices.remove.go": "Remove for good",
  "devices.configuration.what":
    "The configuration has the passwords with which “{name}” connects; whoever has it can act as " +
    "this device. The service may hand it out only once, so it is never shown here: " +
    "it goes straight into a new file that only you can read.",
  "devices.configuration.go": "Save the configuration…",
  "devices.configuration.busy": "Choose where to save it…",
  "devices.configuration.saved":
    "Only you can read the file. Move it to the device, then delete it here.",
  "devices.request.new": "Request a device…",
  "devices.request.title": "Request a device",
  "devices.request.why":
    "The service gives it an identifier. Then approve it and copy its configuration to it.",
  "devices.request.name": "Name",
  "devices.request.note": "What you call it, such as “Attic NAS”. The service can read it.",
  "devices.request.go": "Request",
  "devices.request.busy": "Requesting…",
  "devices.says.request": "“{name}” was requested",
  "devices.says.approve": "“{name}” was approved",
  "devices.says.reject": "“{name}” was rejected",
  "devices.says.registerStorage": "“{name}” stores from now on",
  "devices.says.synchronize": "“{name}” was synchronised",
  "devices.says.removeStorage": "“{name}” stores nothing more",
  "devices.says.remove": "“{name}” was removed for good",
  "devices.says.rename": "“{name}” was renamed",
} as const;
