export const settings = {
  "settings.title": "Settings",
  "settings.general": "General",
  "settings.profile": "Account",
  "settings.security": "Security & recovery",
  "settings.devices": "Devices & storage",
  "settings.votes": "Approval rules",
  "settings.directories": "Organisations",
  "settings.applications": "Connected apps",
  "settings.network": "Network",
  "settings.notifications": "Notifications & startup",
  "settings.developer": "Developer",
  "settings.policies": "Policies",
  "settings.console": "Console",
  "settings.activity": "Activity",

  "language.title": "Language",
  "language.label": "Language of the window",
  "language.system": "Like the system",

  "theme.title": "Appearance",
  "theme.choose.system": "Like the system",
  "theme.choose.light": "Light",
  "theme.choose.dark": "Dark",

  "custody.title": "Receipts and proof",
  "custody.verifyUploads": "Verify every upload",
  "custody.verifyUploadsNote":
    "Each file is downloaded again after it was stored and compared with its receipt. That " +
    "doubles the traffic, and may need approval. This applies to {label}.",
  "custody.export": "Export receipts…",
  "custody.exporting": "Waiting for your choice…",
  "custody.exportNote":
    "One line a file, with its token: a file only you can read, and should keep to yourself.",
  "custody.exported": {
    one: "{number} receipt was written.",
    other: "{number} receipts were written.",
  },

  "preview.title": "Preview",
  "preview.never": "Never show contents",
  "outside.never": "Never open in other applications",
  "outside.neverNote":
    "No file is opened in another application or dragged out of the window. You can still save files.",
  "preview.neverNote": "Files are not opened in this window. You can still save them.",

  "notifications.title": "Notifications",
  "notifications.tell": "Tell me through the system",
  "notifications.note":
    "For approvals and finished transfers while the window is not in front. Numbers only, " +
    "no file names.",

  "settings.networkOpen": "Network settings…",

  "network.title": "Network",
  "network.proxy": "Proxy",
  "network.proxy.system": "As the system says",
  "network.proxy.none": "None",
  "network.proxy.explicit": "This one:",
  "network.address": "Address",
  "network.addressNote":
    "HTTP proxies only, no SOCKS. This machine itself is always reached directly.",
  "network.addressMissing": "Write the proxy’s address, or choose another way.",
  "network.username": "User name, if it asks",
  "network.password": "Password",
  "network.nameMissing": "Write the user name this password belongs to.",
  "network.secret.none":
    "The name and password are kept in the system’s keyring. Without a keyring, they are " +
    "kept until the app ends.",
  "network.secret.inKeyring":
    "A name and a password are kept in the system’s keyring. What you type takes their place.",
  "network.secret.untilTheEnd":
    "A name and a password are kept until the app ends, " +
    "because the system’s keyring is not available.",
  "network.secret.forget": "The name and the password will be forgotten.",
  "network.forget": "Forget them",
  "network.certificates": "Certificates",
  "network.certificatesNote":
    "Files in PEM form. Choose them only if the service's operator or the network tells you to. " +
    "The key may be in the file of the certificate.",
  "network.file.ca": "Trusted in addition",
  "network.file.clientCertificate": "Client certificate",
  "network.file.clientKey": "Its key",
  "network.noFile": "None",
  "network.choose": "Choose…",
  "network.chooseFile": "Choose… {file}",
  "network.remove": "Remove",
  "network.removeFile": "Remove the file: {file}",
  "network.apply": "Apply",
  "network.applying": "Applying…",
  "network.applied": "In force. Who is signed in stays signed in.",
} as const;
