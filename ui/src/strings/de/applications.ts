import type { applications as en } from "../en/applications";
import type { Translation } from "../language.svelte";

export const applications: Translation<typeof en> = {
  "applications.title": "OAuth-Anwendungen",
  "applications.lead": "Programme, die beim Dienst für Sie handeln, ohne Ihr Passwort.",
  "applications.loading": "Der Dienst wird nach Ihren Anwendungen gefragt…",
  "applications.list": "Ihre Anwendungen",
  "applications.list.why":
    "Der Dienst kann Anwendungen weder ändern noch löschen. Um eine zu ändern, registrieren Sie sie neu.",
  "applications.none":
    "Hier erscheinen Anwendungen, die Sie registrieren, damit sie in Ihrem Namen handeln.",
  "applications.may": "Berechtigungen:",
  "applications.back": "Leitet weiter an",
  "applications.since": "Registriert {when}",
  "applications.held": "Ihr Geheimnis steht oben",
  "applications.new": "Anwendung registrieren",
  "applications.new.why":
    "Gleich danach holt Privicore ihr Geheimnis und zeigt es einmal: Halten Sie einen Ort dafür bereit.",
  "applications.name": "Name",
  "applications.redirect": "Weiterleitungsadresse",
  "applications.redirect.note": "https, oder http nur auf diesem Computer.",
  "applications.scopes": "Berechtigungen",
  "applications.scopes.note":
    "Mit Kommas getrennt. „all“ ist bekannt; Ihr Dienst nennt die anderen.",
  "applications.scopes.sandbox": "Mit Kommas getrennt. Die Sandbox kennt {scopes}.",
  "applications.scopes.all":
    "Mit „all“ darf sie in Ihrem Namen alles, auch löschen und Ihr Passwort ändern. " +
    "Geben Sie ihr weniger, wenn das genügt.",
  "applications.register.new": "Anwendung registrieren…",
  "applications.register": "Registrieren",
  "applications.registering": "Wird registriert…",
  "applications.unclear": "Die Registrierung wurde gesendet, aber vom Dienst nicht bestätigt.",
  "applications.secret": "Geheimnis abrufen…",
  "applications.secret.what":
    "Der Dienst zeigt das Client-Geheimnis von „{name}“ nur einmal. " +
    "Privicore behält es, bis Sie Fertig wählen, sperren oder sich abmelden.",
  "applications.secret.go": "Geheimnis abrufen",
  "applications.secret.busy": "Das Geheimnis wird abgerufen…",
  "applications.secret.unclear":
    "Das Geheimnis wurde angefordert, aber die Antwort ging unterwegs verloren.",
  "applications.secret.unclear.hint":
    "Fragen Sie noch einmal. Sagt der Dienst, dass er es schon genannt hat, registrieren Sie die " +
    "Anwendung neu.",
  "applications.card": "Das Geheimnis von „{name}“",
  "applications.card.why":
    "Es ist nur dieses eine Mal zu sehen. " +
    "Sichern Sie es oder kopieren Sie es in die Anwendung, bevor Sie sperren oder sich abmelden.",
  "applications.card.secret": "Client-Geheimnis",
  "applications.card.hidden": "Verborgen",
  "applications.card.copy": "Geheimnis kopieren",
  "applications.card.save": "Sichern…",
  "applications.card.done": "Fertig",
  "applications.card.saved":
    "Nur Sie können die Datei lesen. Verschieben Sie sie zur Anwendung, und löschen Sie sie dann hier.",
  "applications.card.ask": "Es wurde hier nicht gesichert. Danach kann niemand es noch zeigen.",
  "applications.card.forget": "Endgültig entfernen",
  "applications.card.keep": "Noch nicht",
  "applications.client": "Client-ID",
  "applications.client.note": "Die Anwendung zeigt sie, oder sie kam mit ihrem Geheimnis.",
  "applications.word": "Nonce",
  "applications.word.note": "Die Anwendung wählt sie für dieses eine Mal.",
  "applications.let": "Anwendung autorisieren",
  "applications.let.why":
    "Wenn eine Anwendung für Sie handeln will. Geben Sie ihr nicht mehr, als sie braucht.",
  "applications.let.new": "Anwendung autorisieren…",
  "applications.let.go": "Autorisieren",
  "applications.let.busy": "Wird autorisiert…",
  "applications.let.unclear": "Gesendet, aber vom Dienst nicht bestätigt.",
  "applications.let.unclear.hint":
    "Ohne die ID vom Dienst kann sie ihren Code nicht abrufen. " +
    "Für einen neuen Versuch lassen Sie sie eine andere Nonce wählen.",
  "applications.let.done": "Autorisiert",
  "applications.let.next":
    "Geben Sie der Anwendung diese ID. " +
    "Mit ihr und der Nonce „{word}“ ruft sie ihren Code ab, einmal und binnen weniger Minuten.",
  "applications.says.register": "„{name}“ wurde registriert",
  "applications.says.putAway": "Das Client-Geheimnis von „{name}“ wurde entfernt",
  "applications.says.let": "Die Anwendung wurde autorisiert",
};
