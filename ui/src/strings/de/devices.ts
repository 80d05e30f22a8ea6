import type { devices as en } from "../en/devices";
import type { Translation } from "../language.svelte";

export const devices: Translation<typeof en> = {
  "devices.title": "Geräte & Speicher",
  "devices.lead":
    "Geräte gehören zu Ihrem Profil. Speichergeräte bewahren Ihre verschlüsselten Dateien auf.",
  "devices.loading": "Der Dienst wird nach Ihren Geräten gefragt…",
  "devices.list": "Ihre Geräte",
  "devices.list.why":
    "Ein Gerät nimmt teil, sobald Sie es freigegeben haben. " +
    "Geben Sie nur frei, was Sie selbst angefordert haben.",
  "devices.none": "Fordern Sie Ihr erstes Gerät an, geben Sie es frei und richten Sie es ein.",
  "devices.id": "Kennung des Geräts",
  "devices.unnamed": "Ohne Namen",
  "devices.acts": "Aktionen für {name}",
  "devices.actOn": "{act}: {name}",
  "devices.more": "Mehr",
  "devices.less": "Weniger",
  "devices.advice.label": "Rat zum Speicher",
  "devices.advice.none": "Kein Speichergerät",
  "devices.advice.noneWhy":
    "Nichts lässt sich speichern: Es gibt keinen Platz dafür. " +
    "Verwenden Sie ein freigegebenes Gerät als Speicher; empfohlen sind {number} oder mehr.",
  "devices.advice.few": { one: "Ein Speichergerät", other: "{number} Speichergeräte" },
  "devices.advice.oneWhy":
    "Mit ihm gehen auch Ihre Dateien verloren. Verwenden Sie {number} oder mehr: Dann darf eines ausfallen.",
  "devices.advice.fewWhy":
    "Fällt eines aus, bleibt nur eines zum Lesen. Verwenden Sie {number} oder mehr.",
  "devices.advice.silent": {
    one: "Eines davon antwortet gerade nicht.",
    other: "{number} davon antworten gerade nicht.",
  },
  "devices.state.requested": "Wartet auf Freigabe",
  "devices.state.approved": "Freigegeben",
  "devices.state.rejected": "Abgelehnt",
  "devices.state.other": "Status nicht gemeldet",
  "devices.storage.not": "Speichert nicht",
  "devices.storage.online": "Speichert, antwortet",
  "devices.storage.offline": "Speichert, antwortet nicht",
  "devices.storage.word": "Speichert ({word})",
  "devices.approve": "Freigeben",
  "devices.reject": "Ablehnen",
  "devices.registerStorage": "Als Speicher verwenden",
  "devices.synchronize": "Synchronisieren",
  "devices.removeStorage": "Nicht mehr speichern…",
  "devices.remove": "Endgültig entfernen…",
  "devices.rename": "Umbenennen…",
  "devices.configuration": "Konfiguration…",
  "devices.approve.busy": "Wird freigegeben…",
  "devices.reject.busy": "Wird abgelehnt…",
  "devices.registerStorage.busy": "Wird als Speicher registriert…",
  "devices.synchronize.busy": "Wird synchronisiert…",
  "devices.removeStorage.busy": "Wird aus dem Speicher genommen…",
  "devices.remove.busy": "Wird endgültig entfernt…",
  "devices.rename.busy": "Wird umbenannt…",
  "devices.unclear.request": "Die Anforderung wurde gesendet, aber vom Dienst nicht bestätigt.",
  "devices.rename.name": "Neuer Name",
  "devices.rename.go": "Umbenennen",
  "devices.removeStorage.what": "„{name}“ speichert nichts mehr. Es bleibt eines Ihrer Geräte.",
  "devices.removeStorage.go": "Nicht mehr speichern",
  "devices.remove.what":
    "„{name}“ wird endgültig entfernt. Das lässt sich nicht rückgängig machen: " +
    "Um wieder teilzunehmen, muss es neu angefordert und eingerichtet werden.",
  "devices.remove.storage":
    "Was nur dieses Gerät speichert, lässt sich nicht mehr herunterladen. " +
    "Synchronisieren Sie zuerst die anderen.",
  "devices.remove.go": "Endgültig entfernen",
  "devices.configuration.what":
    "Mit den Passwörtern in der Konfiguration verbindet sich „{name}“; " +
    "wer sie hat, kann als dieses Gerät handeln. " +
    "Der Dienst gibt sie vielleicht nur einmal aus, deshalb ist sie hier nie zu sehen: " +
    "Sie kommt in eine neue Datei, die nur Sie lesen können.",
  "devices.configuration.go": "Konfiguration sichern…",
  "devices.configuration.busy": "Wählen Sie, wo…",
  "devices.configuration.saved":
    "Nur Sie können die Datei lesen. Verschieben Sie sie auf das Gerät, und löschen Sie sie dann hier.",
  "devices.request.new": "Gerät anfordern…",
  "devices.request.title": "Gerät anfordern",
  "devices.request.why":
    "Der Dienst gibt ihm eine Kennung. Geben Sie es dann frei, und kopieren Sie seine Konfiguration darauf.",
  "devices.request.name": "Name",
  "devices.request.note":
    "Wie Sie es nennen, etwa „NAS im Keller“. Der Dienst kann den Namen lesen.",
  "devices.request.go": "Anfordern",
  "devices.request.busy": "Wird angefordert…",
  "devices.says.request": "„{name}“ wurde angefordert",
  "devices.says.approve": "„{name}“ wurde freigegeben",
  "devices.says.reject": "„{name}“ wurde abgelehnt",
  "devices.says.registerStorage": "„{name}“ speichert von jetzt an",
  "devices.says.synchronize": "„{name}“ wurde synchronisiert",
  "devices.says.removeStorage": "„{name}“ speichert nichts mehr",
  "devices.says.remove": "„{name}“ wurde endgültig entfernt",
  "devices.says.rename": "„{name}“ wurde umbenannt",
};
