import type { start as en } from "../en/start";
import type { Translation } from "../language.svelte";

export const start: Translation<typeof en> = {
  "first.title": "Dateien sicher aufbewahren und wiederbekommen",
  "first.lead":
    "Dateien werden auf diesem Computer verschlüsselt, bevor sie ihn verlassen. " +
    "Unterwegs kann niemand sie lesen.",
  "first.try.title": "Ausprobieren",
  "first.try.body":
    "In dieser App läuft ein Dienst zum Üben. Alles funktioniert, und Ihre Daten bleiben auf diesem Computer.",
  "first.try.button": "Jetzt ausprobieren",
  "first.try.busy": "Ihr Probeprofil wird vorbereitet…",
  "first.try.own": "Eigenes Profil in der Sandbox verwenden",
  "first.try.ownBusy": "Die Sandbox startet…",
  "first.connect.title": "Mit Privicore verbinden",
  "first.connect.body":
    "Verwenden Sie den Dienst Ihrer Organisation oder einen anderen, dessen Adresse Sie kennen.",
  "first.connect.button": "Verbinden…",

  "first.restore.title": "Profil wiederherstellen",
  "first.restore.body":
    "Sie haben ein Wiederherstellungs-Kit, und Ihr alter Computer ist verloren oder woanders.",
  "first.restore.button": "Aus Wiederherstellungs-Kit…",

  "connect.title": "Mit Privicore verbinden",
  "connect.lead":
    "Geben Sie die Adresse Ihres Dienstes ein, oder öffnen Sie die Verbindungsdatei, die Sie bekommen haben.",
  "connect.restoreLead": "Wählen Sie zuerst den Dienst, zu dem Ihr Wiederherstellungs-Kit gehört.",
  "connect.one": "Adresse des Dienstes",
  "connect.oneNote": "Die anderen drei Server werden auf demselben Host gesucht.",
  "connect.oneWrong":
    "Geben Sie den Namen eines Hosts ein oder eine Adresse, die mit https:// beginnt.",
  "connect.advanced": "Erweitert: alle vier Adressen",
  "connect.simple": "Eine Adresse genügt",
  "connect.file": "Verbindungsdatei öffnen…",
  "connect.fileWrong":
    "Diese Datei enthält nicht die vier Adressen eines Dienstes. " +
    "Bitten Sie Ihre Administration um eine andere.",
  "connect.sandbox": "Die Sandbox auf diesem Computer",
  "connect.presets": "Ausgehen von",
  "connect.preset.public": "Öffentliche Sandbox",
  "connect.preset.local": "Dieser Computer",
  "connect.preset.publicNote":
    "Von der öffentlichen Sandbox ist nur die API-Adresse bekannt. " +
    "Fragen Sie ihren Betreiber nach den anderen drei.",
  "connect.api": "API",
  "connect.websocket": "WebSocket",
  "connect.upstream": "Upstream (senden)",
  "connect.downstream": "Downstream (abrufen)",
  "connect.test": "Testen",
  "connect.testing": "Alle vier werden getestet…",
  "connect.use": "Verbinden",
  "connect.using": "Verbindung läuft…",
  "connect.missing": "Diese Adresse fehlt noch.",
  "connect.malformed.http":
    "Verwenden Sie eine Adresse, die mit https:// beginnt. http:// geht nur für diesen Computer.",
  "connect.malformed.ws":
    "Verwenden Sie eine Adresse, die mit wss:// beginnt. ws:// geht nur für diesen Computer.",
  "connect.allWell": "Alle vier Adressen antworten.",
  "connect.someFail": {
    one: "Eine Adresse antwortet nicht, wie sie soll.",
    other: "{count} Adressen antworten nicht, wie sie sollen.",
  },

  "sign.in": "Anmelden",
  "sign.create": "Profil erstellen",
  "sign.inTitle": "Anmelden",
  "sign.createTitle": "Profil erstellen",
  "sign.where": "bei {label}",
  "sign.whereCreate": "bei {label}",
  "sign.username": "Benutzername",
  "sign.password": "Passwort",
  "sign.passwordAgain": "Passwort wiederholen",
  "sign.firstTitle": "Passphrase wählen",
  "sign.first":
    "Dieses Profil hat noch keine Schlüssel. Sie werden auf diesem Computer erzeugt. " +
    "Geben Sie Ihr Passwort noch einmal ein.",
  "sign.inButton": "Anmelden",
  "sign.inBusy": "Anmeldung läuft…",
  "sign.createButton": "Profil erstellen",
  "sign.createBusy": "Ihr Profil wird erstellt…",
  "sign.createNote":
    "Schlüssel werden auf diesem Computer erzeugt und verlassen ihn nie. " +
    "Der Dienst erfährt nur die öffentlichen Hälften.",
  "sign.continueAs": "Als {profile} fortfahren",
  "sign.continueNote": "Das Probeprofil dieses Computers",
  "sign.continueBusy": "Das Probeprofil wird geöffnet…",
  "sign.or": "oder",
  "sign.other": "Andere Verbindung wählen",
  "sign.otherBusy": "Verbindung wird getrennt…",

  "secret.show": "Zeigen",
  "secret.hide": "Verbergen",
  "secret.showLabel": "{field} zeigen",
  "secret.hideLabel": "{field} verbergen",
  "secret.needed": "Füllen Sie dieses Feld aus.",
  "secret.differ": "Die beiden stimmen nicht überein.",

  "strength.empty": "Das Feld ist leer.",
  "strength.tooShort": "Verwenden Sie mindestens 8 Zeichen.",
  "strength.guessable": "Leicht zu erraten. Mehrere zufällige Wörter sind besser.",
  "strength.weak": "Länger ist sicherer. Am besten sind mehrere zufällige Wörter.",
  "strength.good": "Schwer zu erraten.",
  "strength.empty.word": "Leer",
  "strength.tooShort.word": "Zu kurz",
  "strength.guessable.word": "Leicht zu erraten",
  "strength.weak.word": "Schwach",
  "strength.good.word": "Stark",

  "keysElsewhere.title": "Schlüssel wählen",
  "keysElsewhere.restore":
    "Stellen Sie die Schlüssel aus dem Wiederherstellungs-Kit wieder her. Hier öffnen sich dann alle Dateien.",
  "keysElsewhere.new": "Beginnen Sie auf diesem Computer mit neuen Schlüsseln.",
  "keysElsewhere.cost":
    "Bisher gespeicherte Dateien bleiben hier verschlüsselt. " +
    "Der Schlüssel des anderen Computers ist dann nicht mehr der registrierte.",
  "keysElsewhere.newButton": "Mit neuen Schlüsseln beginnen",
  "keysElsewhere.newTitle": "Mit neuen Schlüsseln beginnen",

  "passphrase.label": "Passphrase für diesen Computer",
  "passphrase.again": "Passphrase wiederholen",
  "passphrase.why":
    "Der Schlüsselbund des Systems ist nicht verwendbar. " +
    "Deshalb liegen Ihre Schlüssel in einer Datei, die diese Passphrase schützt.",
  "passphrase.reason": "Grund: {reason}",
  "passphrase.care":
    "Ohne sie lassen sich die Schlüssel nicht öffnen. Niemand kann sie für Sie zurücksetzen.",

  "keys.starting": "Ihr Profil wird vorbereitet…",
  "keys.title": "Ihre Schlüssel werden erzeugt",
  "keys.lead": "Das geschieht einmal, auf diesem Computer.",
  "keys.engine": "Ein Schlüssel für die Verbindung zum Dienst",
  "keys.application": "Ein Schlüssel, der Ihre Dateien verschlüsselt",
  "keys.recovery": "Ein Wiederherstellungsschlüssel",
  "keys.saving": "Schlüssel auf diesem Computer sichern",
  "keys.registering": "Öffentliche Hälfte beim Dienst registrieren",
  "keys.done": "fertig",
  "keys.now": "in Arbeit",
  "keys.next": "kommt noch",

  "unlock.title": "Entsperren",
  "unlock.start": "Ihre Schlüssel sind gesperrt.",
  "unlock.asked": "Sie haben Privicore gesperrt. Schlüssel und Namen sind nicht mehr im Speicher.",
  "unlock.idle": "Privicore hat sich nach einer Zeit ohne Eingabe gesperrt.",
  "unlock.slept": "Dieser Computer war im Ruhezustand, deshalb hat sich Privicore gesperrt.",
  "unlock.screenLocked": "Der Bildschirm wurde gesperrt und Privicore mit ihm.",
  "unlock.goesOn": "Laufende Übertragungen gehen bis zum Ende weiter. Die anderen warten.",
  "unlock.keyring": "Der Schlüsselbund des Systems öffnet Ihre Schlüssel.",
  "unlock.passphrase": "Passphrase",
  "unlock.previous": "Zur Kopie zurückkehren",
  "unlock.previousBusy": "Die Kopie wird geöffnet…",
  "unlock.previousNote":
    "Bei der letzten Änderung der Schlüsseldatei blieb eine Kopie. " +
    "Seither hinzugefügte Schlüssel fehlen darin. Die beschädigte Datei bleibt daneben erhalten.",
  "unlock.button": "Entsperren",
  "unlock.busy": "Ihre Schlüssel werden geöffnet…",

  "restore.open": "Aus Wiederherstellungs-Kit wiederherstellen",
  "restore.title": "Profil wiederherstellen",
  "restore.where": "bei {label}",
  "restore.kit": "Wiederherstellungs-Kit",
  "restore.kitLead":
    "Wählen Sie die Seite des Kits, seine Textdatei oder ein Bild seines Codes, oder tippen Sie " +
    "die Schlüssel ab.",
  "restore.choose": "Datei wählen…",
  "restore.choosing": "Wartet auf Ihre Auswahl…",
  "restore.type": "Schlüssel abtippen",
  "restore.typed": "Wiederherstellungsschlüssel, danach der Namensschlüssel",
  "restore.typedNote": "Groß- und Kleinschreibung und Leerzeichen sind egal.",
  "restore.read": "Lesen",
  "restore.reading": "Wird gelesen…",
  "restore.fileInstead": "Stattdessen Datei wählen",
  "restore.kitRead": "Die Schlüssel sind in Ordnung",
  "restore.kitOf": "Kit von {profile}",
  "restore.allKeys": "Es stellt alle Schlüssel wieder her.",
  "restore.typedKeys":
    "Ihre Dateien und deren Namen öffnen sich. Für künftige Dateien werden neue Schlüssel erzeugt.",
  "restore.noNames":
    "Ihre Dateien öffnen sich, ihre Namen nicht: Der Namensschlüssel fehlt. " +
    "Tippen Sie auch ihn ab, wenn Sie ihn haben.",
  "restore.other": "Anderes Kit",
  "restore.button": "Wiederherstellen",
  "restore.busy": "Wird wiederhergestellt…",
};
