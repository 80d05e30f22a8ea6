/** Every screen before the files. */
export const start = {
  "first.title": "Keep your files safe, and get them back",
  "first.lead":
    "Files are encrypted on this computer before they leave it. Nobody in between can read them.",
  "first.try.title": "Try it now",
  "first.try.body":
    "A practice service runs inside this app. " +
    "Everything works, and your data stays on this computer.",
  "first.try.button": "Try it now",
  "first.try.busy": "Preparing your trial profile…",
  "first.try.own": "Use your own profile in the sandbox",
  "first.try.ownBusy": "Starting the sandbox…",
  "first.connect.title": "Connect to Privicore",
  "first.connect.body":
    "Use the service of your organisation, or another one whose address you know.",
  "first.connect.button": "Connect…",

  "first.restore.title": "Restore a profile",
  "first.restore.body": "You have a recovery kit, and your old computer is lost or elsewhere.",
  "first.restore.button": "Restore from a recovery kit…",

  "connect.title": "Connect to Privicore",
  "connect.lead": "Type the address of your service, or open the connection file you were given.",
  "connect.restoreLead": "First choose the service that your recovery kit is for.",
  "connect.one": "Address of the service",
  "connect.oneNote": "The other three servers are looked for on the same host.",
  "connect.oneWrong": "Type the name of a host, or an address that starts with https://.",
  "connect.advanced": "Advanced: all four addresses",
  "connect.simple": "One address is enough",
  "connect.file": "Open a connection file…",
  "connect.fileWrong":
    "This file does not have the four addresses of a service. Ask your administrator for another.",
  "connect.sandbox": "The sandbox on this computer",
  "connect.presets": "Start from",
  "connect.preset.public": "Public sandbox",
  "connect.preset.local": "On this machine",
  "connect.preset.publicNote":
    "Only the API address of the public sandbox is known. Ask its operator for the other three.",
  "connect.api": "API",
  "connect.websocket": "WebSocket",
  "connect.upstream": "Upstream (sending)",
  "connect.downstream": "Downstream (fetching)",
  "connect.test": "Test",
  "connect.testing": "Testing all four…",
  "connect.use": "Connect",
  "connect.using": "Connecting…",
  "connect.missing": "This address is still missing.",
  "connect.malformed.http":
    "Use an address that starts with https://. http:// works only for this computer.",
  "connect.malformed.ws":
    "Use an address that starts with wss://. ws:// works only for this computer.",
  "connect.allWell": "All four addresses answer.",
  "connect.someFail": {
    one: "One address does not answer as it should.",
    other: "{count} addresses do not answer as they should.",
  },

  "sign.in": "Sign in",
  "sign.create": "Create a profile",
  "sign.inTitle": "Sign in",
  "sign.createTitle": "Create a profile",
  "sign.where": "to {label}",
  "sign.whereCreate": "on {label}",
  "sign.username": "User name",
  "sign.password": "Password",
  "sign.passwordAgain": "Password, once more",
  "sign.firstTitle": "Choose a passphrase",
  "sign.first":
    "This profile has no keys yet. They are made on this computer. Type your password again.",
  "sign.inButton": "Sign in",
  "sign.inBusy": "Signing in…",
  "sign.createButton": "Create profile",
  "sign.createBusy": "Creating your profile…",
  "sign.createNote":
    "Keys are made on this machine and never leave it. " +
    "The service only learns their public halves.",
  "sign.continueAs": "Continue as {profile}",
  "sign.continueNote": "The trial profile of this machine",
  "sign.continueBusy": "Opening the trial profile…",
  "sign.or": "or",
  "sign.other": "Choose another connection",
  "sign.otherBusy": "Leaving this connection…",

  "secret.show": "Show",
  "secret.hide": "Hide",
  "secret.showLabel": "Show {field}",
  "secret.hideLabel": "Hide {field}",
  "secret.needed": "Please fill this in.",
  "secret.differ": "The two don’t match.",

  "strength.empty": "It is empty.",
  "strength.tooShort": "Use at least 8 characters.",
  "strength.guessable": "It is easy to guess. Several random words are better.",
  "strength.weak": "A longer one is safer. Several random words are best.",
  "strength.good": "It is hard to guess.",
  "strength.empty.word": "Empty",
  "strength.tooShort.word": "Too short",
  "strength.guessable.word": "Easy to guess",
  "strength.weak.word": "Weak",
  "strength.good.word": "Strong",

  "keysElsewhere.title": "Choose your keys",
  "keysElsewhere.restore": "Restore the keys from the recovery kit. All files open here.",
  "keysElsewhere.new": "Start with new keys on this computer.",
  "keysElsewhere.cost":
    "Files stored so far stay encrypted here. " +
    "The key of the other computer is no longer the registered one.",
  "keysElsewhere.newButton": "Start with new keys",
  "keysElsewhere.newTitle": "Start with new keys",

  "passphrase.label": "Passphrase for this machine",
  "passphrase.again": "Passphrase, once more",
  "passphrase.why":
    "Your keys are kept in a file protected by this passphrase, " +
    "because the system’s keyring is not available.",
  "passphrase.reason": "Reason: {reason}",
  "passphrase.care": "Without it the keys cannot be opened. Nobody can reset it for you.",

  "keys.starting": "Preparing your profile…",
  "keys.title": "Making your keys",
  "keys.lead": "This happens once, on this machine.",
  "keys.engine": "A key to talk with the service",
  "keys.application": "A key that encrypts your files",
  "keys.recovery": "A recovery key",
  "keys.saving": "Keeping the keys safe on this machine",
  "keys.registering": "Telling the service the public half",
  "keys.done": "done",
  "keys.now": "in progress",
  "keys.next": "to come",

  "unlock.title": "Unlock",
  "unlock.start": "Your keys are locked.",
  "unlock.asked": "You locked Privicore. Keys and names are out of its memory.",
  "unlock.idle": "Privicore locked itself after a time without input.",
  "unlock.slept": "This machine was asleep, so Privicore locked itself.",
  "unlock.screenLocked": "The screen was locked, and Privicore with it.",
  "unlock.goesOn": "Transfers that were under way go on to their end. The others wait.",
  "unlock.keyring": "The system’s keyring opens your keys.",
  "unlock.passphrase": "Passphrase",
  "unlock.previous": "Go back to the copy",
  "unlock.previousBusy": "Opening the copy…",
  "unlock.previousNote":
    "A copy of the key file was kept when it was last changed. " +
    "Keys that were added since are not in it. The damaged file is kept beside it.",
  "unlock.button": "Unlock",
  "unlock.busy": "Opening your keys…",

  "restore.open": "Restore from a recovery kit",
  "restore.title": "Restore a profile",
  "restore.where": "at {label}",
  "restore.kit": "Recovery kit",
  "restore.kitLead":
    "Choose the kit’s page, its text file or a picture of its code, or type the keys on it.",
  "restore.choose": "Choose a file…",
  "restore.choosing": "Waiting for your choice…",
  "restore.type": "Type the keys",
  "restore.typed": "Recovery key, and after it the name key",
  "restore.typedNote": "Upper or lower case and spaces do not matter.",
  "restore.read": "Read",
  "restore.reading": "Reading…",
  "restore.fileInstead": "Choose a file instead",
  "restore.kitRead": "The keys are in order",
  "restore.kitOf": "Kit of {profile}",
  "restore.allKeys": "It brings back all keys.",
  "restore.typedKeys":
    "Your files and their names will open. New keys are made for what you store from now on.",
  "restore.noNames":
    "Your files will open, their names will not: the name key is missing. " +
    "Type it too, if you have it.",
  "restore.other": "Another kit",
  "restore.button": "Restore",
  "restore.busy": "Restoring…",
} as const;
