import type { activity as en } from "../en/activity";
import type { Translation } from "../language.svelte";

export const activity: Translation<typeof en> = {
  "activity.title": "Aktivität",
  "activity.lead":
    "Was der Dienst seit dem Anmelden oder Entsperren gefragt wurde. " +
    "Das Protokoll ist nur im Speicher, bis Sie sperren oder sich abmelden.",
  "activity.loading": "Das Protokoll wird gelesen…",
  "activity.views": "Was gezeigt wird",
  "activity.view.files": "Dateien",
  "activity.view.log": "Protokoll",
  "activity.view.figures": "Zahlen",
  "activity.export": "Exportieren…",
  "activity.exporting": "Wird exportiert…",
  "activity.exported": {
    one: "{number} Eintrag wurde geschrieben. Er nennt keine Datei.",
    other: "{number} Einträge wurden geschrieben. Sie nennen keine Datei.",
  },
  "activity.none": "Der Dienst wurde noch nichts gefragt.",
  "activity.none.why":
    "Was gespeichert, abgerufen oder geändert wird, steht hier mit seinem Ergebnis.",
  "activity.about": "{what}: {name}",
  "activity.files.none": "Mit Dateien ist noch nichts geschehen.",
  "activity.file.upload.done": "{name} gespeichert",
  "activity.file.upload.failed": "{name} wurde nicht gespeichert",
  "activity.file.download.done": "{name} gesichert",
  "activity.file.download.failed": "{name} wurde nicht gesichert",
  "activity.file.reseal.done": "{name} neu verschlüsselt",
  "activity.file.reseal.failed": "{name} wurde nicht neu verschlüsselt",
  "activity.file.verify.done": "{name} geprüft",
  "activity.file.verify.failed": "{name} wurde nicht geprüft",
  "activity.file.rename.done": "{name} in {to} umbenannt",
  "activity.file.rename.failed": "{name} wurde nicht umbenannt",
  "activity.file.move.done": {
    one: "{name} verschoben",
    other: "{number} Dateien verschoben: {name}, …",
  },
  "activity.file.move.failed": {
    one: "{name} wurde nicht verschoben",
    other: "{number} Dateien wurden nicht verschoben: {name}, …",
  },
  "activity.file.label.done": {
    one: "{name} hat das Label „{to}“",
    other: "{number} Dateien haben das Label „{to}“: {name}, …",
  },
  "activity.file.label.failed": {
    one: "{name} hat das Label nicht bekommen",
    other: "{number} Dateien haben das Label nicht bekommen: {name}, …",
  },
  "activity.file.delete.done": {
    one: "{name} gelöscht",
    other: "{number} Dateien gelöscht: {name}, …",
  },
  "activity.file.delete.failed": {
    one: "{name} wurde nicht gelöscht",
    other: "{number} Dateien wurden nicht gelöscht: {name}, …",
  },
  "activity.file.held": "{name} wartet auf Freigabe",
  "activity.file.notConfirmed": {
    one: "{name} ist nicht bestätigt",
    other: "Nicht für alle {number} Dateien bestätigt: {name}, …",
  },
  "activity.file.canceled": "Die Übertragung von {name} wurde abgebrochen",
  "activity.file.other": "{name} behalten, aber nicht wie gespeichert",
  "activity.all": { one: "{number} Eintrag", other: "{number} Einträge" },
  "activity.found": { one: "{number} Eintrag gefunden", other: "{number} Einträge gefunden" },
  "activity.noMatch": "Keine passenden Einträge.",
  "activity.showAll": "Alle zeigen",
  "activity.older": "Ältere zeigen",
  "activity.filter": "Filter",
  "activity.filter.outcome": "Ergebnis",
  "activity.filter.group": "Gruppe",
  "activity.filter.any": "Alle",
  "activity.search": "Vorgang oder Befehls-ID",
  "activity.after": "nach {time}",
  "activity.reason": "Grund:",
  "activity.command": "Befehl:",
  "activity.outcome.underWay": "Läuft",
  "activity.outcome.held": "Wartet auf Freigabe",
  "activity.outcome.done": "Erledigt",
  "activity.outcome.notDone": "Nicht erledigt",
  "activity.outcome.notKnown": "Nicht bestätigt",
  "activity.state.sent": "Gesendet",
  "activity.state.accepted": "Angenommen",
  "activity.state.pending": "In Arbeit",
  "activity.state.held": "Wartet auf Freigabe",
  "activity.state.done": "Erledigt",
  "activity.state.rejected": "Abgelehnt",
  "activity.state.rejectedByVote": "Durch Abstimmung abgelehnt",
  "activity.state.noQuorum": "Quorum nicht erreicht",
  "activity.state.voteTimedOut": "Niemand hat rechtzeitig abgestimmt",
  "activity.state.failed": "Fehlgeschlagen",
  "activity.state.notConfirmed": "Nicht bestätigt",
  "activity.state.leftOff": "Nicht abgewartet",
  "activity.state.sent.why": "Unterwegs zum Dienst.",
  "activity.state.accepted.why": "Der Dienst hat es angenommen. Erledigt ist noch nichts.",
  "activity.state.pending.why": "Beim Dienst in Arbeit.",
  "activity.state.held.why": "Es wartet auf Freigabe. Danach geht es von selbst weiter.",
  "activity.state.done.why": "Der Dienst hat es ausgeführt.",
  "activity.state.rejected.why": "Der Dienst hat es nicht ausgeführt. Nichts wurde geändert.",
  "activity.state.rejectedByVote.why":
    "Nichts wurde geändert. Sprechen Sie mit den Abstimmenden, bevor Sie es noch einmal versuchen.",
  "activity.state.noQuorum.why":
    "Nichts wurde geändert. Sorgen Sie dafür, dass genug abstimmende Geräte bereit sind, und " +
    "versuchen Sie es noch einmal.",
  "activity.state.voteTimedOut.why":
    "Nichts wurde geändert. Sorgen Sie dafür, dass die abstimmenden Geräte bereit sind, und " +
    "versuchen Sie es noch einmal.",
  "activity.state.failed.why":
    "Es wurde gleich abgelehnt oder kam nicht beim Dienst an. " +
    "Was zu tun ist, steht dort, wo Sie es ausgelöst haben.",
  "activity.state.notConfirmed.why":
    "Gesendet, aber vom Dienst nicht bestätigt. Sehen Sie nach, bevor Sie es noch einmal senden.",
  "activity.state.leftOff.why":
    "Die App wartet nicht mehr darauf. Der Dienst hat es nicht bestätigt.",

  "figures.loading": "Wird gezählt…",
  "figures.none": "Noch nichts zu zählen.",
  "figures.days": "In den letzten 14 Tagen gespeichert",
  "figures.days.why":
    "Nach den Belegen auf diesem Computer: " +
    "was noch gespeichert ist, am Tag des Speicherns, in gespeicherter Größe.",
  "figures.days.none":
    "Von dem, was jetzt gespeichert ist, kam in den letzten 14 Tagen nichts dazu.",
  "figures.day": "Tag",
  "figures.bytes": "Größe",
  "figures.files": "Dateien",
  "figures.outcomes": "Wie es ausging",
  "figures.outcomes.why": "Die Einträge des Protokolls.",
  "figures.outcome": "Ergebnis",
  "figures.groups": "Worum es ging",
  "figures.group": "Gruppe",
  "figures.count": "Einträge",
  "figures.service": "Was der Dienst zählt",
  "figures.service.why": "In seinen eigenen Worten, für seinen eigenen Zeitraum.",
  "figures.service.mark": "In seinen eigenen Worten. Der Dienst dokumentiert diese Zahlen nicht.",
  "figures.service.none": "Der Dienst meldet nichts.",
  "figures.word": "Wort",
};
