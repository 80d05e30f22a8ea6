export const directories = {
  "directories.title": "Directories",
  "directories.lead":
    "A directory is an organisation with its people: " +
    "whoever makes it brings people in, sets up devices for them, and lets them vote together.",
  "directories.mark": "Directories: {mark}.",
  "directories.loading": "Asking the service for your directories…",
  "directories.untold": "Not reported by the service.",
  "directories.invitations": "Invitations",
  "directories.invitations.why":
    "The owner of an organisation sees your devices there. They can name them, add new " +
    "ones and use yours as storage.",
  "directories.invited": "Invited {when}",
  "directories.invited.unknown": "You are invited",
  "directories.accept": "Join",
  "directories.accept.busy": "Joining…",
  "directories.decline": "Decline",
  "directories.decline.busy": "Declining…",
  "directories.owned": "Made by you",
  "directories.assigned": "You belong to",
  "directories.assigned.none":
    "You belong to no directory of somebody else. " +
    "To be invited, give your profile's id to who made it.",
  "directories.assigned.id": "Your profile's id",
  "directories.none": "No directories yet",
  "directories.none.why":
    "Make one for a team, a company or a family. You can then invite its people.",
  "directories.made": "Made {when}",
  "directories.open": "Open",
  "directories.actOn": "{act} {name}",
  "directories.make.title": "Make a directory",
  "directories.make.why":
    "It belongs to you. The service offers no way to rename or remove it again.",
  "directories.make.name": "Name",
  "directories.make.name.note":
    "Such as “Engines & Co.”. The service and everybody in it can read it.",
  "directories.make.short": "Short name",
  "directories.make.short.note": "Such as “engines”. No two directories have the same.",
  "directories.make.go": "Make it",
  "directories.make.busy": "Making the directory…",

  "directory.loading": "Asking the service for the directory…",
  "directory.back": "All directories",
  "directory.id": "Directory id",
  "directory.lead.owner":
    "You own it. What you do here for its people takes effect at once. People and pools " +
    "cannot be removed again.",
  "directory.lead.member":
    "You belong to it. Its people, devices and pools are told only to who made it.",
  "directory.people": "People",
  "directory.people.why": "Those who belong to the directory and those who are invited.",
  "directory.people.none": "Nobody yet. Invite somebody who has a profile, or make one for them.",
  "directory.own": "How the directory knows you",
  "directory.person.member": "Member",
  "directory.person.invited": "Invited, has not answered",
  "directory.person.other": "State not told",
  "directory.person.devices": { one: "{number} device", other: "{number} devices" },
  "directory.person.storing": { one: "{number} of them stores", other: "{number} of them store" },
  "directory.person.unnamed": "Without a name",
  "directory.person.name": "Name…",
  "directory.person.password": "Password…",
  "directory.person.device": "Set up a device…",
  "directory.person.given": "Given name",
  "directory.person.family": "Family name",
  "directory.person.name.note": "What is left empty stays as it is.",
  "directory.person.name.go": "Save",
  "directory.person.password.new": "New password",
  "directory.person.password.what":
    "“{name}” signs in with this password from now on. This cannot be undone. It works " +
    "only for profiles that this organisation made.",
  "directory.person.password.go": "Set the password",
  "directory.person.device.label": "Name of the device",
  "directory.person.device.note": "It takes part at once, without being approved.",
  "directory.person.device.go": "Set it up",
  "directory.invite.label": "Invite a profile",
  "directory.invite.note":
    "The id of their profile: they find it under Profile and decide themselves.",
  "directory.invite.go": "Invite",
  "directory.new.title": "Make a profile for somebody",
  "directory.new.why":
    "It belongs to the directory from the start, and cannot be removed again. " +
    "Hand over the name and the password; keys are made when they first sign in.",
  "directory.new.username": "User name",
  "directory.new.password": "Password",
  "directory.new.go": "Make the profile",
  "directory.devices": "Devices",
  "directory.devices.why":
    "The devices of those who belong to the directory. " +
    "Which of them store is told for each person only, as a number.",
  "directory.devices.none": "No devices. They appear when somebody who has some joins.",
  "directory.devices.of": "of {name}",
  "directory.devices.store": "Have it store",
  "directory.pools": "Voting pools",
  "directory.pools.why": "People who vote together. A pool cannot be changed or removed again.",
  "directory.pools.none": "No pools yet.",
  "directory.pools.untold":
    "The service has no list of pools and does not report them here. What you make is kept " +
    "all the same.",
  "directory.pools.name": "Name",
  "directory.pools.who": "Who votes",
  "directory.pools.nobody": "A pool needs at least one member of the directory.",
  "directory.pools.go": "Make the pool",
  "directory.meta": "Kept with the directory",
  "directory.meta.why":
    "A JSON object that programs may use. The service and everybody in the directory can read it.",
  "directory.meta.label": "JSON object",
  "directory.meta.wrong": 'This is not a JSON object, such as { "floor": 2 }.',
  "directory.meta.note": "It takes the place of what was kept before, as a whole.",
  "directory.meta.go": "Keep it",
  "directory.busy.invite": "Inviting…",
  "directory.busy.rename": "Changing the name…",
  "directory.busy.setPassword": "Setting the password…",
  "directory.busy.addDevice": "Setting up the device…",
  "directory.busy.addStorage": "Having it store…",
  "directory.busy.addPool": "Making the pool…",
  "directory.busy.storeMeta": "Keeping it…",
  "directory.busy.addPerson": "Making the profile…",

  "directories.says.made": "“{name}” was made",
  "directories.says.accept": "You joined “{name}”",
  "directories.says.decline": "The invitation to “{name}” was declined",

  "directory.says.invite": "“{name}” was invited",
  "directory.says.rename": "“{name}” was renamed",
  "directory.says.setPassword": "“{name}” signs in with the new password from now on",
  "directory.says.addDevice": "“{name}” was set up",
  "directory.says.addStorage": "“{name}” stores from now on",
  "directory.says.addPool": "The pool “{name}” was made",
  "directory.says.storeMeta": "It is kept with “{name}”",
  "directory.says.addPerson": "The profile “{name}” was made",
} as const;
