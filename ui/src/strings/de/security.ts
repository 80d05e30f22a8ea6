import type { security as en } from "../en/security";
import type { Translation } from "../language.svelte";

export const security: Translation<typeof en> = {
  "kit.title": "Wiederherstellungs-Kit",
  "kit.why":
    "Eine Seite mit einem Schlüssel, der alles Gespeicherte öffnet, auch ohne diesen Computer " +
    "und ohne dieses Programm.",
  "kit.reminder": "Sichern Sie Ihr Wiederherstellungs-Kit.",
  "kit.reminder.why": "Ohne Kit sind mit diesem Computer auch Ihre Dateien verloren.",
  "kit.start": "Kit anlegen (2 Minuten)",
  "kit.step.save": "Sichern oder drucken",
  "kit.step.type": "Letzte Zeichen eingeben",
  "kit.step.done": "Fertig",
  "kit.make": "Anlegen…",
  "kit.later": "Später",
  "kit.done": "Fertig",
  "kit.keepApart": "Bewahren Sie es getrennt von diesem Computer auf, wo nur Sie es finden.",
  "kit.unconfirmed": "Noch nicht angelegt",
  "kit.unconfirmed.what":
    "Der Wiederherstellungsschlüssel ist nur auf diesem Computer. " +
    "Sichern oder drucken Sie das Kit, oder legen Sie es auf einen anderen Datenträger. " +
    "Bestätigen Sie dann, dass Sie es haben.",
  "kit.confirmed": "Bestätigt",
  "kit.confirmed.what":
    "Nur das Kit hat den Wiederherstellungsschlüssel; auf diesem Computer ist er nicht mehr.",
  "kit.save": "Kit sichern…",
  "kit.saveAgain": "Noch einmal sichern…",
  "kit.saving": "Wählen Sie, wo…",
  "kit.saved":
    "Gesichert als „{page}“ zum Drucken und als „{text}“. Wer eines davon hat, kann Ihre Dateien öffnen.",
  "kit.type": "Die letzten {characters} Zeichen des Wiederherstellungsschlüssels, vom Kit",
  "kit.typeNote":
    "Das zeigt, dass Sie ihn haben. Der Schlüssel wird dann von diesem Computer entfernt.",
  "kit.passphraseNote":
    "Ihre Passphrase schützt die Schlüssel auf diesem Computer; zum Ändern ist sie nötig.",
  "kit.confirm": "Ich habe das Kit",
  "kit.confirming": "Der Schlüssel wird von diesem Computer entfernt…",
  "kit.renew": "Neues Kit anlegen…",
  "kit.renewAsk":
    "Ein neuer Wiederherstellungsschlüssel und ein neuer Anwendungsschlüssel werden erzeugt. " +
    "Was Sie von jetzt an speichern, öffnet nur das neue Kit. " +
    "Behalten Sie das alte Kit für bisher Gespeichertes. Wer es hat, kann weiterhin Namen lesen.",
  "kit.renewNow": "Neuen Wiederherstellungsschlüssel erzeugen",
  "kit.renewing": "Der Schlüssel wird erzeugt…",
  "kit.keep": "Altes Kit behalten",

  "security.title": "Sicherheit",
  "security.lead": "Was Ihre Dateien und Schlüssel schützt, und wie es darum steht.",
  "security.loading": "Wird geladen…",

  "change.cancel": "Abbrechen",
  "change.busy": "Wird geändert…",

  "keys.files": { one: "{number} Datei", other: "{number} Dateien" },
  "keys.application.title": "Anwendungsschlüssel",
  "keys.application.why":
    "Der neueste verschlüsselt, was Sie von jetzt an speichern. Alle öffnen, was bisher gespeichert wurde.",
  "keys.application.newest": "Verschlüsselt neue Dateien",
  "keys.application.older": "Öffnet ältere Dateien",
  "keys.rotate": "Neuer Schlüssel…",
  "keys.rotate.what":
    "Ein neuer Schlüssel verschlüsselt, was Sie von jetzt an speichern. " +
    "Der alte bleibt und öffnet, was bisher gespeichert wurde.",
  "keys.rotate.go": "Neuen Schlüssel erzeugen",
  "keys.rotate.busy": "Der Schlüssel wird erzeugt…",
  "keys.outdated": {
    one: "{number} Datei ist für andere Schlüssel als die heutigen verschlüsselt",
    other: "{number} Dateien sind für andere Schlüssel als die heutigen verschlüsselt",
  },
  "keys.outdated.why":
    "Bis etwa 50 KB lassen sie sich an Ort und Stelle neu verschlüsseln. Größere bleiben, wie sie sind.",
  "keys.reseal.all": "Alle neu verschlüsseln",
  "keys.reseal.busy": "Wird gestartet…",
  "keys.reseal.queued": {
    one: "{number} Datei steht jetzt bei den Übertragungen.",
    other: "{number} Dateien stehen jetzt bei den Übertragungen.",
  },
  "keys.shared.title": "Gemeinsame Schlüssel",
  "keys.shared.why":
    "Für Dateien, die auch andere Programme des Dienstes öffnen. " +
    "Wer den Schlüssel hat, kann sie öffnen; " +
    "Ihre eigenen Schlüssel und Empfänger können es nicht.",
  "keys.shared.none": "Keine gemeinsamen Schlüssel",
  "keys.shared.noneWhy":
    "Sie brauchen nur dann einen, wenn Sie Dateien mit Programmen austauschen, die ihn verwenden.",
  "keys.shared.since": "Hier seit {when}",
  "keys.shared.contexts": "für neue Dateien mit dem Label {contexts}",
  "keys.shared.name": "Name",
  "keys.shared.text": "Schlüssel",
  "keys.shared.textNote": "64 Hexadezimalziffern oder 44 Zeichen in Base64.",
  "keys.shared.make": "Erzeugen…",
  "keys.shared.make.go": "Schlüssel erzeugen",
  "keys.shared.import": "Importieren…",
  "keys.shared.import.go": "Schlüssel importieren",
  "keys.shared.rename": "Umbenennen…",
  "keys.shared.rename.go": "Umbenennen",
  "keys.shared.remove": "Entfernen…",
  "keys.shared.remove.go": "Schlüssel entfernen",
  "keys.shared.remove.what":
    "Was damit gespeichert wurde, öffnet sich auf diesem Computer nicht mehr, außer Sie haben " +
    "den Schlüssel noch woanders.",
  "keys.shared.export": "Exportieren…",
  "keys.shared.exporting": "Wählen Sie, wo…",

  "recipients.title": "Empfänger",
  "recipients.why":
    "Andere, die künftig Gespeichertes öffnen können, mit age und ihrem eigenen Schlüssel. " +
    "Dateien mit einem gemeinsamen Schlüssel sind nicht für sie verschlüsselt.",
  "recipients.none": "Niemand außer Ihnen",
  "recipients.noneWhy":
    "Dateien öffnen sich mit Ihrem Anwendungsschlüssel und Ihrem Wiederherstellungsschlüssel.",
  "recipients.all": "Alle neuen Dateien",
  "recipients.of": "Neue Dateien mit dem Label {context}",
  "recipients.add": "Empfänger hinzufügen…",
  "recipients.go": "Hinzufügen",
  "recipients.remove": "Entfernen",
  "recipients.key": "Öffentlicher Schlüssel",
  "recipients.keyNote": "Eine Zeile, die mit age1 oder ssh-rsa beginnt.",
  "recipients.label": "Wem er gehört (optional)",
  "recipients.context": "Nur für dieses Label",
  "recipients.contextNote": "Leer heißt: für alle neuen Dateien.",

  "security.pins.title": "Schlüssel des Dienstes",
  "security.pins.why":
    "Sie werden gemerkt, sobald sie das erste Mal zu sehen sind. " +
    "Ändert sich einer, wird nichts gespeichert, bis Sie verglichen haben.",
  "security.pins.none":
    "Noch keiner gesehen. Die App fragt danach, wenn die erste Datei gespeichert wird.",
  "security.pins.engine": "Engine-Schlüssel",
  "security.pins.engine.what":
    "Damit verschlüsselt der Dienst, was er auf Ihre Speichergeräte verteilt.",
  "security.pins.profile": "Registrierter Schlüssel",
  "security.pins.profile.what":
    "Der öffentliche Schlüssel, der beim Dienst für Ihr Profil eingetragen ist.",
  "security.pins.since": "Gemerkt seit {when}",
  "security.pins.lost": "Sein Fingerabdruck war gemerkt, aber der Eintrag ist verloren.",
  "security.alarm.engine": "Der Engine-Schlüssel hat sich geändert",
  "security.alarm.profile": "Der registrierte Schlüssel hat sich geändert",
  "security.alarm.engine.why":
    "Vielleicht hat der Betreiber ihn ausgetauscht, oder jemand ist zwischen Ihnen und dem " +
    "Dienst. Fragen Sie den Betreiber auf einem anderen Weg als diesem Dienst nach dem " +
    "Fingerabdruck, und vergleichen Sie.",
  "security.alarm.profile.why":
    "Vielleicht hat ein anderes Programm oder ein anderer Computer seinen Schlüssel registriert. " +
    "Oder jemand handelt in Ihrem Namen. Akzeptieren Sie ihn nur, wenn Sie wissen, wer.",
  "security.alarm.engine.lost": "Der gemerkte Engine-Schlüssel ist verloren",
  "security.alarm.engine.lostWhy":
    "Es ist nicht sicher, dass der Dienst noch denselben Schlüssel zeigt. " +
    "Fragen Sie den Betreiber auf einem anderen Weg nach dem Fingerabdruck, und vergleichen Sie.",
  "security.alarm.profile.lost": "Der gemerkte registrierte Schlüssel ist verloren",
  "security.alarm.profile.lostWhy":
    "Es ist nicht sicher, dass Ihr Profil noch denselben Schlüssel hat. " +
    "Akzeptieren Sie ihn nur, wenn Sie wissen, wer ihn registriert hat.",
  "security.alarm.pinned": "Gemerkt",
  "security.alarm.pinnedLost": "Sein Eintrag auf diesem Computer ist verloren.",
  "security.alarm.seen": "Jetzt gezeigt",
  "security.alarm.sinceWhen": "seit {when}",
  "security.alarm.accept": "Verglichen: neuen Schlüssel akzeptieren",
  "security.alarm.acceptLost": "Verglichen: diesen Schlüssel akzeptieren",
  "security.alarm.accepting": "Wird akzeptiert…",
  "security.alarm.own": "Schlüssel dieses Computers neu registrieren",
  "security.alarm.owning": "Wird registriert…",
  "security.alarm.stays": "Bis Sie entscheiden, wird nichts gespeichert.",
  "security.process.title": "Arbeitsspeicher dieses Programms",
  "security.process.core": "Absturzabbilder",
  "security.process.core.on":
    "Aus: Ein Absturz hinterlässt keine Kopie des Arbeitsspeichers auf dem Datenträger.",
  "security.process.debug": "Andere Programme",
  "security.process.debug.on":
    "Andere Ihrer Programme können den Arbeitsspeicher mit Ihren Schlüsseln nicht lesen. " +
    "Was dieses Fenster zeigt, können sie vielleicht lesen.",
  "security.guard.refused": "Das System hat das Einschalten verweigert.",
  "security.guard.unavailable": "Dieses System bietet es diesem Programm nicht an.",

  "lock.title": "Sperren",
  "lock.why":
    "Im gesperrten Zustand sind Schlüssel, Namen und die Liste nicht im Speicher. " +
    "Laufende Übertragungen gehen bis zum Ende weiter.",
  "lock.idle": "Ohne Eingabe",
  "lock.idle.never": "Nie",
  "lock.idle.after": { one: "Nach einer Minute", other: "Nach {number} Minuten" },
  "lock.on": "Ein",
  "lock.off": "Aus",
  "lock.clipboard": "Ein kopiertes Token",
  "lock.clipboard.why":
    "Wird auch beim Sperren und Beenden gelöscht, wenn es noch da ist. " +
    "Es bleibt aus Verläufen der Zwischenablage heraus, wo das System das kann.",
  "lock.clipboard.seconds": {
    one: "Nach einer Sekunde gelöscht",
    other: "Nach {number} Sekunden gelöscht",
  },
  "lock.sleep": "Nach dem Ruhezustand",
  "lock.screen": "Beim Sperren des Bildschirms",
  "lock.screen.why": "Wo das System es meldet: auf Linux-Desktops, die es bekannt geben.",

  "protection.title": "Was Ihre Schlüssel öffnet",
  "protection.keyring": "Der Schlüsselbund des Systems",
  "protection.keyring.what": "Wer unter Ihrem Namen an diesem Computer angemeldet ist, öffnet sie.",
  "protection.passphrase": "Eine Passphrase",
  "protection.passphrase.what":
    "Die App fragt bei jedem Start danach und jedes Mal, wenn Privicore gesperrt war.",
  "protection.change": "Ändern…",
  "protection.toPassphrase": "Zu Passphrase…",
  "protection.toKeyring": "Zum Schlüsselbund…",
  "protection.noKeyring": "Der Schlüsselbund ist nicht verwendbar: {reason}.",
  "protection.look": "Noch einmal nachsehen",
  "protection.looking": "Sieht nach…",
  "protection.old": "Bisherige Passphrase",
  "protection.new": "Neue Passphrase",
  "protection.again": "Neue Passphrase wiederholen",
  "protection.care":
    "Ohne sie lassen sich die Schlüssel nicht öffnen. Niemand kann sie für Sie zurücksetzen.",
  "protection.go": "Schlüssel neu verschlüsseln",
  "protection.busy": "Die Schlüssel werden neu verschlüsselt…",
};
