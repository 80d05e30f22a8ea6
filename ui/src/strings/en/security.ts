export const security = {
  "kit.title": "Recovery kit",
  "kit.why":
    "A page with a key that opens everything you have stored, " +
    "without this machine and even without this program.",
  "kit.reminder": "Save your recovery kit.",
  "kit.reminder.why": "Without it, losing this computer means losing your files.",
  "kit.start": "Start, 2 minutes",
  "kit.step.save": "Save or print it",
  "kit.step.type": "Type its last characters",
  "kit.step.done": "Done",
  "kit.make": "Make it…",
  "kit.unconfirmed": "Not made yet",
  "kit.unconfirmed.what":
    "The recovery key is on this machine only. " +
    "Save the kit, print it or keep it on another disk, then confirm that you have it.",
  "kit.confirmed": "Confirmed",
  "kit.confirmed.what": "Only the kit has the recovery key; it is not on this machine any more.",
  "kit.save": "Save the kit…",
  "kit.saveAgain": "Save it again…",
  "kit.saving": "Choose where…",
  "kit.saved":
    "Saved as “{page}”, to print, and “{text}”. Whoever has one of them can open your files.",
  "kit.type": "The last {characters} characters of the recovery key, off the kit",
  "kit.typeNote": "This proves that you have it. The key is then removed from this machine.",
  "kit.passphraseNote":
    "Your passphrase protects the keys on this machine; it is needed to change them.",
  "kit.later": "Later",
  "kit.done": "Done",
  "kit.keepApart": "Keep it apart from this computer, where only you find it.",
  "kit.confirm": "I have the kit",
  "kit.confirming": "Removing the key from this machine…",
  "kit.renew": "Make a new kit…",
  "kit.renewAsk":
    "A new recovery key and a new application key are made. " +
    "What you store from now on opens with the new kit only. " +
    "Keep the old kit for what is stored already. Whoever has it can still read names.",
  "kit.renewNow": "Make a new recovery key",
  "kit.renewing": "Making the key…",
  "kit.keep": "Keep the old one",

  "security.title": "Security",
  "security.lead": "What protects your files and keys, and how it stands now.",
  "security.loading": "Looking…",

  "change.cancel": "Cancel",
  "change.busy": "Changing…",

  "keys.files": { one: "{number} file", other: "{number} files" },
  "keys.application.title": "Application keys",
  "keys.application.why":
    "The newest one encrypts what you store from now on. All of them open what was stored " +
    "before.",
  "keys.application.newest": "Encrypts new files",
  "keys.application.older": "Opens older files",
  "keys.rotate": "New key…",
  "keys.rotate.what":
    "A new key encrypts what you store from now on. The old one stays, to open what was " +
    "stored before.",
  "keys.rotate.go": "Make a new key",
  "keys.rotate.busy": "Making the key…",
  "keys.outdated": {
    one: "{number} file is encrypted to other keys than today’s",
    other: "{number} files are encrypted to other keys than today’s",
  },
  "keys.outdated.why":
    "They can be encrypted again in their place, up to about 50 KB each. Larger files stay " +
    "as they are.",
  "keys.reseal.all": "Encrypt all again",
  "keys.reseal.busy": "Starting…",
  "keys.reseal.queued": {
    one: "{number} file was put among the transfers.",
    other: "{number} files were put among the transfers.",
  },
  "keys.shared.title": "Shared keys",
  "keys.shared.why":
    "For files that other programs of the service open as well. " +
    "Whoever has the key can open them; neither your own keys nor recipients can.",
  "keys.shared.none": "No shared keys",
  "keys.shared.noneWhy": "You need one only to exchange files with programs that use it.",
  "keys.shared.since": "Here since {when}",
  "keys.shared.contexts": "used for new files labelled {contexts}",
  "keys.shared.name": "Name",
  "keys.shared.text": "Key",
  "keys.shared.textNote": "64 hexadecimal digits, or 44 characters of base64.",
  "keys.shared.make": "Make one…",
  "keys.shared.make.go": "Make the key",
  "keys.shared.import": "Import one…",
  "keys.shared.import.go": "Import the key",
  "keys.shared.rename": "Rename…",
  "keys.shared.rename.go": "Rename",
  "keys.shared.remove": "Remove…",
  "keys.shared.remove.go": "Remove the key",
  "keys.shared.remove.what":
    "What was stored with it does not open on this machine any more, " +
    "unless the key is kept elsewhere.",
  "keys.shared.export": "Export…",
  "keys.shared.exporting": "Choose where…",

  "recipients.title": "Recipients",
  "recipients.why":
    "Others who can open what you store from now on, with age and their own key. Files " +
    "with a shared key are not encrypted to them.",
  "recipients.none": "Nobody but you",
  "recipients.noneWhy": "Files open with your application key and your recovery key.",
  "recipients.all": "All new files",
  "recipients.of": "New files labelled {context}",
  "recipients.add": "Add a recipient…",
  "recipients.go": "Add",
  "recipients.remove": "Remove",
  "recipients.key": "Public key",
  "recipients.keyNote": "One line that begins with age1 or ssh-rsa.",
  "recipients.label": "Whose it is, if you like",
  "recipients.context": "Only for this label",
  "recipients.contextNote": "Leave it empty for all new files.",

  "security.pins.title": "Keys of the service",
  "security.pins.why":
    "They are remembered from the first time they were seen. " +
    "If one changes, nothing is stored until you have compared.",
  "security.pins.none": "None has been seen yet. They are asked for when the first file is stored.",
  "security.pins.engine": "Engine key",
  "security.pins.engine.what":
    "The service encrypts with it what it spreads over your storage devices.",
  "security.pins.profile": "Registered key",
  "security.pins.profile.what": "The public key the service has on record for your profile.",
  "security.pins.since": "Remembered since {when}",
  "security.pins.lost": "Its fingerprint was remembered, and that record is lost.",
  "security.alarm.engine": "The engine key has changed",
  "security.alarm.profile": "The registered key has changed",
  "security.alarm.engine.why":
    "The operator may have exchanged it, or somebody is between you and the service. " +
    "Ask the operator for the fingerprint, by another way than this service, and compare.",
  "security.alarm.profile.why":
    "Another program or computer may have registered its key for your profile, or somebody " +
    "acts in your name. Accept it only if you know which.",
  "security.alarm.engine.lost": "The remembered engine key is lost",
  "security.alarm.engine.lostWhy":
    "It is not certain that the service still shows the same key. Ask its operator for the " +
    "fingerprint in another way, and compare.",
  "security.alarm.profile.lost": "The remembered registered key is lost",
  "security.alarm.profile.lostWhy":
    "It is not certain that your profile still has the same key. Accept it only if you " +
    "know who registered it.",
  "security.alarm.pinned": "Remembered",
  "security.alarm.pinnedLost": "Its record on this computer is lost.",
  "security.alarm.seen": "Shown now",
  "security.alarm.sinceWhen": "since {when}",
  "security.alarm.accept": "I have compared: accept the new key",
  "security.alarm.acceptLost": "I have compared: accept this key",
  "security.alarm.accepting": "Accepting…",
  "security.alarm.own": "Register this machine’s key again",
  "security.alarm.owning": "Registering…",
  "security.alarm.stays": "Until you decide, nothing is stored.",
  "security.process.title": "This program’s memory",
  "security.process.core": "Crash images",
  "security.process.core.on": "Off: a crash leaves no copy of the memory on the disk.",
  "security.process.debug": "Other programs",
  "security.process.debug.on":
    "Other programs of yours cannot read the memory with your keys. They may be able to " +
    "read what this window shows.",
  "security.guard.refused": "The system refused to switch this on.",
  "security.guard.unavailable": "This system does not offer it to this program.",

  "lock.title": "Locking",
  "lock.why":
    "While it is locked, keys, names and the list are out of memory. " +
    "Transfers that run go on to their end.",
  "lock.idle": "When nobody is there",
  "lock.idle.never": "Never",
  "lock.idle.after": { one: "After a minute", other: "After {number} minutes" },
  "lock.on": "On",
  "lock.off": "Off",
  "lock.clipboard": "A copied token",
  "lock.clipboard.why":
    "Also cleared when the app locks and when it ends, if it is still there. " +
    "Kept out of clipboard histories where the system knows how.",
  "lock.clipboard.seconds": {
    one: "Cleared after a second",
    other: "Cleared after {number} seconds",
  },
  "lock.sleep": "After the machine has slept",
  "lock.screen": "When the screen is locked",
  "lock.screen.why": "Where the system tells: on Linux desktops that announce it.",

  "protection.title": "What opens your keys",
  "protection.keyring": "The system’s keyring",
  "protection.keyring.what": "Whoever is signed in to this machine as you opens them.",
  "protection.passphrase": "A passphrase",
  "protection.passphrase.what": "It is asked for at each start and each time Privicore was locked.",
  "protection.change": "Change it…",
  "protection.toPassphrase": "Use a passphrase…",
  "protection.toKeyring": "Use the keyring…",
  "protection.noKeyring": "The keyring cannot be used: {reason}.",
  "protection.look": "Look again",
  "protection.looking": "Looking…",
  "protection.old": "Passphrase until now",
  "protection.new": "New passphrase",
  "protection.again": "New passphrase, once more",
  "protection.care": "Without it the keys cannot be opened. Nobody can reset it for you.",
  "protection.go": "Encrypt the keys again",
  "protection.busy": "Encrypting the keys again…",
} as const;
