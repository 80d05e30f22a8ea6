import type { policies as en } from "../en/policies";
import type { Translation } from "../language.svelte";

export const policies: Translation<typeof en> = {
  "policies.title": "Richtlinien",
  "policies.lead": "Die Teile, aus denen Freigaberegeln bestehen, wie sie beim Dienst liegen.",
  "policies.loading": "Der Dienst wird nach Ihren Richtlinien gefragt…",
  "policies.list": "Ihre Richtlinien",
  "policies.list.why": "Nur Richtlinien in Kraft verlangen eine Freigabe.",
  "policies.none": "Es gibt keine Richtlinie. Nichts braucht eine Freigabe.",
  "policies.new": "Neue Richtlinie",
  "policies.new.go": "Neue Richtlinie…",
  "policies.new.why": "Sie gilt, sobald Sie sie einschalten.",
  "policies.needs":
    "Eine Richtlinie braucht eine Abstimmungskonfiguration: wer gefragt wird und wie lange.",
  "policies.untold":
    "Eine Richtlinie braucht eine Abstimmungskonfiguration, und der Dienst hat keine gemeldet. " +
    "Aktualisieren Sie, um noch einmal zu fragen.",
  "policies.needs.go": "Neue Konfiguration…",
  "policies.name": "Name",
  "policies.configuration": "Abstimmungskonfiguration",
  "policies.template": "Art",
  "policies.reason": "Grund (für die Abstimmenden)",
  "policies.events": "Freigabe verlangen vor",
  "policies.event": "„{label}“",
  "policies.profileRules": "den Regeln des Profils",
  "policies.sentence": "Vor {events}: {who} {time} lang fragen. Nötig: {counting}.",
  "policies.sentenceTimes":
    "Vor {events}: {who} {time} lang fragen, bis zu {attempts}-mal. Nötig: {counting}.",
  "policies.sentenceShort": "Vor {events}: fragen nach „{configuration}“.",
  "policies.quorum": "Mindestens {quorum} müssen antworten.",
  "policies.warn.nobody":
    "Es gibt keinen Authenticator, also könnte niemand freigeben. " +
    "Was eine Freigabe braucht, wäre Ihnen versperrt.",
  "policies.warn.noneOfThem":
    "Keines der gefragten Geräte ist ein Authenticator. Niemand könnte freigeben.",
  "policies.warn.quorum":
    "{quorum} müssen antworten, gefragt werden aber nur {devices}. Nichts bekäme je eine Freigabe.",
  "policies.mark": "Der Dienst dokumentiert das Löschen nicht und kann es ablehnen.",
  "policies.register": "Registrieren",
  "policies.registering": "Wird registriert…",
  "policies.activate": "Einschalten",
  "policies.activate.anyway": "Trotzdem einschalten",
  "policies.activate.busy": "Wird eingeschaltet…",
  "policies.deactivate": "Ausschalten",
  "policies.deactivate.anyway": "Ausschalten",
  "policies.deactivate.busy": "Wird ausgeschaltet…",
  "policies.delete": "Löschen…",
  "policies.delete.anyway": "Endgültig löschen",
  "policies.delete.what": "Sie wird endgültig gelöscht und verlangt keine Freigabe mehr.",
  "policies.delete.busy": "Wird gelöscht…",
  "policies.state.active": "In Kraft",
  "policies.state.inactive": "Nicht in Kraft",
  "policies.says.register": "„{name}“ wurde registriert. Noch nicht in Kraft",
  "policies.says.activate": "„{name}“ ist in Kraft",
  "policies.says.deactivate": "„{name}“ ist nicht mehr in Kraft",
  "policies.says.delete": "„{name}“ wurde gelöscht",

  "event.data_token.data_exchanged": "dem Speichern einer Datei",
  "event.data_token.data_requested": "dem Herunterladen einer Datei",
  "event.data_token.data_updated": "dem Ersetzen einer Datei",
  "event.data_token.deleted": "dem Löschen einer Datei",
  "event.profile.password_changed": "dem Ändern des Passworts",
  "event.profile.public_key_registered": "dem Registrieren eines öffentlichen Schlüssels",
  "event.device.approved": "dem Freigeben eines Geräts",
  "event.device.removed": "dem Entfernen eines Geräts",
  "event.storage.removed": "dem Entfernen eines Speichergeräts",
  "event.directory.user_created": "dem Anlegen eines Benutzers in einer Organisation",
  "event.directory.profile_invited": "dem Einladen eines Profils in eine Organisation",
};
