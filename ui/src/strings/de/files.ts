import type { files as en } from "../en/files";
import type { Translation } from "../language.svelte";

export const files: Translation<typeof en> = {
  "bar.label": "Dateien",
  "bar.back": "Zurück",
  "bar.crumbs": "Übergeordnete Ordner",
  "bar.search": "Alle Ordner durchsuchen",
  "bar.searchHint": "Suchen",
  "bar.clearSearch": "Suche löschen",
  "bar.add": "Hinzufügen",
  "bar.addFiles": "Dateien hinzufügen…",
  "bar.addFolder": "Ordner hinzufügen…",
  "bar.more": "Weitere Arten hinzuzufügen",
  "bar.storeIn": "Label neuer Dateien…",
  "bar.choosing": "Wartet auf Ihre Auswahl…",
  "bar.context": "Label neuer Dateien",
  "bar.contextNote": "Der Dienst sieht dieses Label. Er nennt es „context“.",
  "bar.contextEmpty": "Geben Sie zuerst ein Label ein.",
  "bar.contextDefault": "documents",
  "bar.form": "Neue Dateien mit diesem Label verschlüsseln",
  "bar.formNote":
    "Alle, die einen gemeinsamen Schlüssel haben, können sie öffnen, auch mit anderen Programmen.",
  "bar.form.age": "Für Sie",
  "bar.form.shared": "Mit dem gemeinsamen Schlüssel {name}",

  "storeIn.label": "Neu: Label {label}",
  "storeIn.both": "Neu: {folder}, Label {label}",

  "filter.open": "Filter",
  "filter.on": "Filter: ein",
  "filter.verified": "Geprüft",
  "filter.unverified": { one: "Seit einem Tag nicht", other: "Seit {number} Tagen nicht" },
  "filter.any": "Alle",
  "filter.clear": "Filter aufheben",
  "filter.today": "Letzte 24 Stunden",
  "filter.week": "Letzte 7 Tage",
  "filter.month": "Letzte 31 Tage",
  "filter.year": "Letzte 12 Monate",

  "density.change": "Zeilenhöhe ändern",
  "density.28": "Zeilen: niedrig",
  "density.32": "Zeilen: mittel",
  "density.40": "Zeilen: hoch",

  "kind.folder": "Ordner",
  "kind.archive": "Archiv",
  "kind.audio": "Audio",
  "kind.code": "Code",
  "kind.document": "Dokument",
  "kind.image": "Bild",
  "kind.pdf": "PDF",
  "kind.presentation": "Präsentation",
  "kind.spreadsheet": "Tabelle",
  "kind.text": "Text",
  "kind.video": "Video",
  "kind.other": "Datei",

  "save.title": { one: "{number} Objekt sichern", other: "{number} Objekte sichern" },
  "save.layout": "Ordner",
  "save.inFolders": "In ihren Ordnern",
  "save.flat": "Alle in einen Ordner",
  "save.existing": "Wenn es dort eine gleichnamige Datei gibt",
  "save.keepBoth": "Beide behalten",
  "save.skipIdentical": "Überspringen, wenn sie gleich ist",
  "save.replace": "Ersetzen",
  "save.choose": "Ordner wählen…",

  "menu.label": "Aktionen",
  "menu.downloads": "In Downloads sichern",
  "menu.open": "Öffnen",
  "menu.details": "Details",

  "bar.refresh": "Liste aktualisieren",
  "bar.refreshing": "Wird aktualisiert…",

  "table.label": "Dateien",
  "table.name": "Name",
  "table.kind": "Art",
  "table.labels": "Label",
  "table.modified": "Geändert",
  "table.width": "Breite von {column}",
  "table.size": "Größe",
  "table.stored": "Gespeichert",
  "table.state": "Status",
  "table.loading": "Ihre Dateien werden geladen…",
  "table.loadingRow": "Wird geladen…",
  "table.failed": "Die Liste ist nicht lesbar",
  "table.held": "Wartet auf Freigabe",
  "table.heldFor": "Freigabe, {time}",
  "table.calm": "nichts zu beachten",
  "table.count": { one: "{number} Datei", other: "{number} Dateien" },
  "table.folders": { one: "{number} Ordner", other: "{number} Ordner" },
  "table.items": { one: "{number} Objekt", other: "{number} Objekte" },
  "table.versions": { one: "{number} Version", other: "{number} Versionen" },
  "table.within": "in {folder}",
  "table.attention": "{number} zu prüfen",
  "table.encrypted": "Alle hier verschlüsselt",
  "table.unknown": "unbekannt",

  "empty.title": "Noch nichts gespeichert",
  "empty.body":
    "Ziehen Sie Dateien oder Ordner in dieses Fenster. Sie werden hier verschlüsselt und erst dann gesendet.",
  "empty.searchTitle": "Keine Datei passt zu „{search}“",
  "empty.search": "Prüfen Sie die Schreibweise, oder suchen Sie nach einem Teil des Namens.",
  "empty.filterTitle": "Keine Datei passt zum Filter",
  "empty.filter": "Heben Sie den Filter auf, oder sehen Sie in einem anderen Ordner nach.",
  "empty.goneTitle": "Diesen Ordner gibt es nicht mehr",
  "empty.gone": "Er wurde verschoben, umbenannt oder gelöscht.",
  "empty.folderTitle": "Dieser Ordner ist leer",
  "empty.folder": "Ziehen Sie Dateien hierher, oder fügen Sie sie mit der Schaltfläche oben hinzu.",
  "empty.labelTitle": "Keine Datei hat das Label „{label}“",
  "empty.label": "Neue Dateien bekommen dieses Label, solange es ausgewählt ist.",
  "empty.showAll": "Alle Dateien zeigen",

  "state.stored": "Gespeichert",
  "state.verified": "Geprüft",
  "state.missing": "Fehlt",
  "state.notListed": "Nicht gelistet",
  "state.unanswered": "Nicht gelistet, keine Antwort",
  "state.mismatch": "Nicht wie gespeichert",
  "state.notConfirmed": "Nicht bestätigt",
  "state.missingReceipt": "Kein Beleg",
  "state.deleting": "Wird gelöscht…",
  "state.stored.why":
    "Der Dienst hat sie bestätigt. Dieser Computer hat einen Beleg der genau gesendeten Bytes.",
  "state.verified.why":
    "Sie wurde wieder heruntergeladen und geöffnet und ist genau das, was dieser Computer gesendet hat.",
  "state.missing.why":
    "Der Dienst listet sie nicht mehr und kennt ihr Token nicht. Behalten Sie Ihr Original.",
  "state.notListed.why":
    "Der Dienst listet sie nicht, nimmt aber ihr Token an. Prüfen Sie, ob die Daten da sind. " +
    "Behalten Sie Ihr Original.",
  "state.unanswered.why":
    "Der Dienst listet sie nicht und sagt nicht, ob er ihr Token kennt. " +
    "Die App fragt später noch einmal. Behalten Sie Ihr Original.",
  "state.mismatch.why":
    "Ein Download entsprach nicht dem, was dieser Computer gesendet hat. Behalten Sie Ihr Original.",
  "state.notConfirmed.why":
    "Sie haben sie gelöscht, aber der Dienst hat es nicht bestätigt. Vielleicht gibt es sie noch.",
  "state.missingReceipt.why":
    "Dieser Computer hat keinen Beleg für sie. " +
    "Sie lässt sich öffnen, aber nicht mit dem Gespeicherten vergleichen.",
  "state.deleting.why":
    "Sie wird beim Dienst gelöscht, sobald sich das nicht mehr rückgängig machen lässt.",

  "verified.as": {
    one: "Geprüft: gespeichert auf {number} Speichergerät, Stand {when}.",
    other: "Geprüft: gespeichert auf {number} Speichergeräten, Stand {when}.",
  },
  "verified.unknown":
    "Geprüft {when}. Wie viele Speichergeräte es gibt, hat der Dienst nicht gemeldet.",
  "verified.asHint": "Der Dienst meldet die Geräte, aber nicht, welche diese Datei haben.",
  "verified.swapped":
    "Geprüft {when}: Sie öffnet sich, ist aber eine andere, vertauscht oder zurückgesetzt.",
  "verified.damaged": "Geprüft {when}: Sie ist beschädigt und öffnet sich nicht.",
  "verified.cut_short": "Geprüft {when}: Sie endet zu früh.",

  "pane.verify": "Jetzt prüfen",
  "pane.verifyAgain": "Noch einmal prüfen",
  "pane.verifying": "Wird gestartet…",
  "pane.verifyHint": "Lädt sie herunter und vergleicht sie mit ihrem Beleg. Nichts wird gesichert.",

  "missing.since": "Fehlt seit {since}. Zuletzt gesehen {seen}.",
  "missing.neverListed": "Fehlt seit {since}. Nie gelistet.",
  "missing.forget": "Vergessen",
  "missing.forgetHint": "Nimmt sie aus dieser Liste. Ihr Beleg bleibt im Export.",
  "missing.forgetting": "Wird vergessen…",

  "receipt.lost": "Der Beleg auf diesem Computer ist beschädigt oder wurde gelöscht.",

  "renamed.title": "Woanders umbenannt",
  "renamed.as": "Der Dienst listet sie als „{name}“, Label „{context}“.",
  "renamed.accept": "Namen übernehmen",
  "renamed.acceptHint":
    "Nur, wenn Sie oder ein anderer Ihrer Computer sie umbenannt hat. " +
    "Sonst hat der Dienst vielleicht Namen vertauscht.",
  "renamed.accepting": "Wird umbenannt…",

  "empty.attentionTitle": "Keine Datei ist zu prüfen",
  "empty.attention": "Jede Datei, die diese App abgefragt hat, ist unter ihrem Namen beim Dienst.",

  "preview.close": "Vorschau schließen",
  "preview.loading":
    "Wird geöffnet… Verlangt eine Richtlinie eine Freigabe, dauert es bis zum Ende der Abstimmung.",
  "preview.beginning":
    "Das ist nur der Anfang, nicht mit dem Beleg verglichen. Sichern Sie die Datei, um alles zu lesen.",
  "preview.hidden": "Die Vorschau ist aus. Sie lässt sich in den Einstellungen einschalten.",
  "preview.otherKind":
    "Für diese Art von Datei gibt es keine Vorschau. Sichern Sie sie, um sie zu öffnen.",
  "preview.tooLarge":
    "Diese Datei ist zu groß für eine Vorschau. Sichern Sie sie, um sie zu öffnen.",
  "preview.notReadable": "Diese Datei heißt wie ein Bild, ist aber nicht als Bild lesbar.",

  "open.opened": "„{name}“ ist in einer anderen Anwendung geöffnet.",
  "open.openedHint":
    "Die andere Anwendung hat eine unverschlüsselte Kopie. Privicore entfernt sie beim Sperren.",
  "drag.preparing":
    "Die Dateien werden vorbereitet. Halten Sie die Taste gedrückt, oder legen Sie sie schon ab.",

  "pane.label": "Details",
  "pane.verified": "Geprüft",
  "pane.technical": "Token und technische Details",
  "pane.preview": "Vorschau",
  "pane.holds": "Enthält",
  "pane.open": "Öffnen",
  "pane.opening": "Wird geöffnet…",
  "pane.openHint": "Öffnet eine schreibgeschützte Kopie in der passenden Anwendung",
  "pane.save": "Sichern unter…",
  "pane.saving": "Wählen Sie, wo…",
  "pane.delete": "Löschen",
  "pane.deleting": "Wird gelöscht…",
  "pane.folder": "Ordner",
  "pane.context": "Label",
  "pane.size": "Größe",
  "pane.storedSize": "Verschlüsselte Größe",
  "pane.storedAt": "Gespeichert",
  "pane.sees": "Dienst sieht",
  "pane.seesWhat": "einen verschlüsselten Namen, das Label und die verschlüsselte Größe",

  "openers.title": "Wer sie öffnen kann",
  "openers.resealAnyway": "Ohne Beleg neu verschlüsseln",
  "openers.applicationKey": "Sie",
  "openers.recoveryKey": "Ihr Wiederherstellungs-Kit",
  "openers.recipient": "Ein Empfänger",
  "openers.sharedKey": "Ein gemeinsamer Schlüssel",
  "openers.former": "nicht mehr für neue Dateien",
  "openers.missing": "nicht auf diesem Computer",
  "openers.unknown":
    "Dieser Computer hat keinen Beleg für sie. Verschlüsseln Sie sie neu, um einen zu bekommen.",
  "openers.outdated":
    "Heute gespeicherte Dateien sind für andere Schlüssel oder Personen verschlüsselt.",
  "openers.reseal": "Neu verschlüsseln",
  "openers.failed": "Wer sie öffnen kann, ist gerade nicht lesbar.",

  "token.title": "Token",
  "token.why":
    "Der Dienst kennt die Datei an ihrem Token. Es öffnet nichts, aber behalten Sie es für sich.",
  "token.copy": "Token kopieren",
  "token.copying": "Wird kopiert…",
  "token.show": "Als Code zeigen",
  "token.showing": "Wird gezeichnet…",
  "token.hide": "Code verbergen",
  "token.code": "Das Token von {name} als QR-Code",
  "token.copied": "Kopiert;",
  "token.left": "in {seconds} s gelöscht",
  "token.cleared": "Aus der Zwischenablage gelöscht.",
  "token.replaced": "In der Zwischenablage ist inzwischen etwas anderes; es bleibt dort.",

  "pane.close": "Details schließen",
  "pane.several": { one: "{number} Datei ausgewählt", other: "{number} Dateien ausgewählt" },
  "pane.severalSize": "zusammen {size}",

  "bulk.label": "Ausgewählte Dateien",
  "bulk.count": { one: "{number} ausgewählt", other: "{number} ausgewählt" },
  "bulk.save": "Sichern unter…",
  "bulk.delete": "Löschen",
  "bulk.clear": "Auswahl aufheben",
  "bulk.selecting": "Alle {number} Dateien werden ausgewählt…",
  "bulk.selectFailed": "Die Dateien ließen sich nicht auswählen.",
};
