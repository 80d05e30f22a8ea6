export const applications = {
  "applications.title": "OAuth applications",
  "applications.lead": "Programs that act for you at the service, without your password.",
  "applications.loading": "Asking the service for your applications…",
  "applications.list": "Your applications",
  "applications.list.why":
    "The service has no way to change or delete an application. To change one, register it anew.",
  "applications.none": "No application yet",
  "applications.none.why":
    "Register one when a program of yours, such as a report or a backup, " +
    "is to work at the service in your name. It gets a client id and a secret of its own. " +
    "It cannot open sealed files: their keys stay on this machine.",
  "applications.may": "Scopes:",
  "applications.back": "Redirects to",
  "applications.since": "Registered {when}",
  "applications.held": "Its secret is above",
  "applications.new": "Register an application",
  "applications.new.why":
    "Its secret is asked for right afterwards and shown once: have a place ready to keep it.",
  "applications.name": "Name",
  "applications.redirect": "Redirect address",
  "applications.redirect.note": "https, or http on this machine only.",
  "applications.scopes": "Scopes",
  "applications.scopes.note":
    "With commas between. “all” is the known word; your service names the others.",
  "applications.scopes.sandbox": "With commas between. The sandbox knows {scopes}.",
  "applications.scopes.all":
    "“all” lets it do everything in your name, deleting and changing your password included. " +
    "Give it less if it needs less.",
  "applications.register": "Register",
  "applications.registering": "Registering…",
  "applications.unclear":
    "The registration was sent, but whether the service made the application is not known.",
  "applications.secret": "Get its secret…",
  "applications.secret.what":
    "The service tells the secret of “{name}” only once. " +
    "It is held here until you put it away, and it is gone when Privicore locks or you sign out. " +
    "Go on when you have a place to keep it.",
  "applications.secret.go": "Get the secret",
  "applications.secret.busy": "Asking for the secret…",
  "applications.secret.unclear": "The secret was asked for, but the answer was lost on its way.",
  "applications.secret.unclear.hint":
    "Ask once more. If the service says that it has told it already, " +
    "register the application anew.",
  "applications.card": "The secret of “{name}”",
  "applications.card.why":
    "The service tells it only this once. " +
    "Save it, or bring it to the application, before you put it away: " +
    "it is gone when Privicore locks or you sign out.",
  "applications.card.secret": "Client secret",
  "applications.card.hidden": "Not shown",
  "applications.card.copy": "Copy secret",
  "applications.card.save": "Save…",
  "applications.card.done": "Put away",
  "applications.card.saved":
    "Saved for your eyes only. Bring the file to the application, then delete it here.",
  "applications.card.ask":
    "It was not saved here. " +
    "Once it is put away, neither Privicore nor the service can show it again.",
  "applications.card.forget": "Put away for good",
  "applications.card.keep": "Not yet",
  "applications.client": "Client id",
  "applications.client.note": "The application shows it, or it came with its secret.",
  "applications.word": "One-time word",
  "applications.word.note": "The application chooses it for this once (its nonce).",
  "applications.let": "Let an application in",
  "applications.let.why": "When an application asks to act for you. Give it no more than it needs.",
  "applications.let.go": "Let it in",
  "applications.let.busy": "Letting it in…",
  "applications.let.unclear": "It was sent, but whether the application was let in is not known.",
  "applications.let.unclear.hint":
    "Without the id from the service it cannot fetch its code. " +
    "To do it again, have it choose another word.",
  "applications.let.done": "It was let in",
  "applications.let.next":
    "Give the application this id. Together with its word “{word}” it fetches its code with it, " +
    "once and within a few minutes.",
  "applications.says.register": "“{name}” was registered",
  "applications.says.putAway": "The secret of “{name}” was put away",
  "applications.says.let": "The application was let in",
} as const;
