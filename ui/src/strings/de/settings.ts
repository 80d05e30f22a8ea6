import type { settings as en } from "../en/settings";
import type { Translation } from "../language.svelte";

export const settings: Translation<typeof en> = {
  "settings.title": "Einstellungen",
  "settings.general": "Allgemein",
  "settings.profile": "Konto",
  "settings.security": "Sicherheit & Kit",
  "settings.devices": "Geräte & Speicher",
  "settings.votes": "Freigaberegeln",
  "settings.directories": "Organisationen",
  "settings.applications": "Verbundene Apps",
  "settings.network": "Netzwerk",
  "settings.notifications": "Mitteilungen & Start",
  "settings.developer": "Entwicklung",
  "settings.policies": "Richtlinien",
  "settings.console": "Konsole",
  "settings.activity": "Aktivität",

  "language.title": "Sprache",
  "language.label": "Sprache des Fensters",
  "language.system": "Wie das System",

  "theme.title": "Darstellung",
  "theme.choose.system": "Wie das System",
  "theme.choose.light": "Hell",
  "theme.choose.dark": "Dunkel",

  "custody.title": "Belege und Nachweis",
  "custody.verifyUploads": "Jeden Upload prüfen",
  "custody.verifyUploadsNote":
    "Jede Datei wird nach dem Speichern wieder heruntergeladen und mit ihrem Beleg verglichen. " +
    "Das verdoppelt den Datenverkehr und kann eine Freigabe brauchen. Es gilt für {label}.",
  "custody.export": "Belege exportieren…",
  "custody.exporting": "Wartet auf Ihre Auswahl…",
  "custody.exportNote":
    "Eine Zeile je Datei, mit ihrem Token. Nur Sie können den Export lesen; behalten Sie ihn für sich.",
  "custody.exported": {
    one: "{number} Beleg wurde geschrieben.",
    other: "{number} Belege wurden geschrieben.",
  },

  "preview.title": "Vorschau",
  "preview.never": "Nie Inhalte zeigen",
  "outside.never": "Nie in anderen Anwendungen öffnen",
  "outside.neverNote":
    "Keine Datei wird in einer anderen Anwendung geöffnet oder aus dem Fenster gezogen. " +
    "Sichern geht weiterhin.",
  "preview.neverNote": "Dateien werden in diesem Fenster nicht geöffnet. Sichern geht weiterhin.",

  "notifications.title": "Mitteilungen",
  "notifications.tell": "Über das System benachrichtigen",
  "notifications.note":
    "Für Freigaben und fertige Übertragungen, wenn das Fenster nicht vorn ist. Nur Zahlen, keine Dateinamen.",

  "settings.networkOpen": "Netzwerkeinstellungen…",

  "network.title": "Netzwerk",
  "network.proxy": "Proxy",
  "network.proxy.system": "Wie das System",
  "network.proxy.none": "Keiner",
  "network.proxy.explicit": "Dieser:",
  "network.address": "Adresse",
  "network.addressNote":
    "Nur HTTP-Proxys, kein SOCKS. Dieser Computer selbst wird immer direkt erreicht.",
  "network.addressMissing": "Geben Sie die Adresse des Proxys ein, oder wählen Sie etwas anderes.",
  "network.username": "Benutzername, falls nötig",
  "network.password": "Passwort",
  "network.nameMissing": "Geben Sie den Benutzernamen zu diesem Passwort ein.",
  "network.secret.none":
    "Name und Passwort kommen in den Schlüsselbund des Systems. " +
    "Ohne Schlüsselbund bleiben sie, bis die App endet.",
  "network.secret.inKeyring":
    "Name und Passwort sind im Schlüsselbund des Systems. Was Sie eingeben, ersetzt sie.",
  "network.secret.untilTheEnd":
    "Name und Passwort bleiben nur, bis die App endet: Der Schlüsselbund des Systems ist nicht verwendbar.",
  "network.secret.forget": "Name und Passwort werden vergessen.",
  "network.forget": "Vergessen",
  "network.certificates": "Zertifikate",
  "network.certificatesNote":
    "Dateien im PEM-Format. Nur nötig, wenn der Betreiber des Dienstes oder Ihr Netzwerk sie " +
    "verlangt. Der Schlüssel kann in der Datei des Zertifikats sein.",
  "network.file.ca": "Zusätzlich vertrauenswürdig",
  "network.file.clientCertificate": "Client-Zertifikat",
  "network.file.clientKey": "Schlüssel dazu",
  "network.noFile": "Keine",
  "network.choose": "Wählen…",
  "network.chooseFile": "Wählen… {file}",
  "network.remove": "Entfernen",
  "network.removeFile": "Datei entfernen: {file}",
  "network.apply": "Übernehmen",
  "network.applying": "Wird übernommen…",
  "network.applied": "In Kraft. Wer angemeldet ist, bleibt angemeldet.",
};
