export const applications = {
  "applications.title": "OAuth applications",
  "applications.lead": "Programs that act for you at the service, without your password.",
  "applications.loading": "Asking the service for your applications…",
  "applications.list": "Your applications",
  "applications.list.why":
    "The service has no way to change or delete an application. To change one, register it anew.",
  "applications.none": "Applications that you register to act in your name appear here.",
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
  "applications.register.new": "Register an application…",
  "applications.register": "Register",
  "applications.registering": "Registering…",
  "applications.unclear": "The registration was sent, but the service has not confirmed it.",
  "applications.secret": "Get its secret…",
  "applications.secret.what":
    "The service shows the client secret of “{name}” only once. Privicore keeps it until " +
    "you choose Done, lock or sign out.",
  "applications.secret.go": "Get the secret",
  "applications.secret.busy": "Asking for the secret…",
  "applications.secret.unclear": "The secret was asked for, but the answer was lost on its way.",
  "applications.secret.unclear.hint":
    "Ask once more. If the service says that it has told it already, " +
    "register the application anew.",
  "applications.card": "The secret of “{name}”",
  "applications.card.why":
    "It is shown only this once. Save it, or copy it into the application, before you lock " +
    "or sign out.",
  "applications.card.secret": "Client secret",
  "applications.card.hidden": "Not shown",
  "applications.card.copy": "Copy secret",
  "applications.card.save": "Save…",
  "applications.card.done": "Done",
  "applications.card.saved":
    "Only you can read the file. Move it to the application, then delete it here.",
  "applications.card.ask": "It was not saved here. After this, nobody can show it again.",
  "applications.card.forget": "Remove it for good",
  "applications.card.keep": "Not yet",
  "applications.client": "Client id",
  "applications.client.note": "The application shows it, or it came with its secret.",
  "applications.word": "Nonce",
  "applications.word.note": "The application chooses it for this once (its nonce).",
  "applications.let": "Authorize an application",
  "applications.let.why": "When an application asks to act for you. Give it no more than it needs.",
  "applications.let.new": "Authorize an application…",
  "applications.let.go": "Authorize",
  "applications.let.busy": "Authorizing…",
  "applications.let.unclear": "It was sent, but the service has not confirmed it.",
  "applications.let.unclear.hint":
    "Without the id from the service it cannot fetch its code. " +
    "To do it again, have it choose another word.",
  "applications.let.done": "Authorized",
  "applications.let.next":
    "Give the application this id. Together with its word “{word}” it fetches its code with it, " +
    "once and within a few minutes.",
  "applications.says.register": "“{name}” was registered",
  "applications.says.putAway": "The client secret of “{name}” was removed",
  "applications.says.let": "The application was authorized",
} as const;
