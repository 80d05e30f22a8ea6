import type { attention as en } from "../en/attention";
import type { Translation } from "../language.svelte";

export const attention: Translation<typeof en> = {
  "attention.label": "Was zu prüfen ist",
  "attention.more": { one: "und {number} weitere", other: "und {number} weitere" },
  "attention.act": "{act}: {title}",
  "attention.working": "In Arbeit…",

  "attention.keys.title": "Ein Schlüssel hat sich geändert",
  "attention.keys.body": "Nichts wird gespeichert, bis Sie die Fingerabdrücke verglichen haben.",
  "attention.keys.act": "Vergleichen…",
  "attention.missing.title": {
    one: "{number} Datei fehlt beim Dienst",
    other: "{number} Dateien fehlen beim Dienst",
  },
  "attention.missing.body": "Wenn Sie das Original noch haben, speichern Sie es neu.",
  "attention.missing.act": "Dateien zeigen",
  "attention.mismatch.title": {
    one: "{number} Datei ist nicht das, was Sie gespeichert haben",
    other: "{number} Dateien sind nicht das, was Sie gespeichert haben",
  },
  "attention.mismatch.body": "Der Dienst hat anderen Inhalt zurückgegeben als den gespeicherten.",
  "attention.mismatch.act": "Dateien zeigen",
  "attention.notListed.title": {
    one: "{number} Datei listet der Dienst nicht",
    other: "{number} Dateien listet der Dienst nicht",
  },
  "attention.notListed.body": "Vielleicht ist er nur langsam. Fragen Sie ihn noch einmal.",
  "attention.notListed.act": "Erneut nachsehen",
  "attention.transfers.title": {
    one: "{number} Übertragung ist fehlgeschlagen",
    other: "{number} Übertragungen sind fehlgeschlagen",
  },
  "attention.transfers.body": "Die Liste der Übertragungen nennt den Grund.",
  "attention.transfers.act": "Noch einmal versuchen",
  "attention.notConfirmed.title": {
    one: "{number} Löschung ist nicht bestätigt",
    other: "{number} Löschungen sind nicht bestätigt",
  },
  "attention.notConfirmed.body":
    "Der Dienst hat es nicht bestätigt. Vielleicht gibt es die Datei noch.",
  "attention.notConfirmed.act": "Erneut nachsehen",
  "attention.unsure.title": {
    one: "{number} Übertragung ist nicht bestätigt",
    other: "{number} Übertragungen sind nicht bestätigt",
  },
  "attention.unsure.body": "Gesendet, aber vom Dienst nicht bestätigt.",
  "attention.unsure.act": "Erneut nachsehen",
  "attention.renamed.title": {
    one: "{number} Datei wurde woanders umbenannt",
    other: "{number} Dateien wurden woanders umbenannt",
  },
  "attention.renamed.body":
    "Übernehmen Sie den neuen Namen nur, wenn Sie oder Ihre Computer ihn geändert haben.",
  "attention.renamed.act": "Dateien zeigen",
  "attention.unverified.title": {
    one: "{number} Datei wurde seit {days} Tagen nicht geprüft",
    other: "{number} Dateien wurden seit {days} Tagen nicht geprüft",
  },
  "attention.unverified.body":
    "Eine Prüfung zeigt, ob der Dienst noch liefert, was Sie gespeichert haben.",
  "attention.unverified.act": "Dateien zeigen",
  "attention.kit.title": "Ihr Wiederherstellungs-Kit ist nicht gesichert",
  "attention.kit.body": "Ohne Kit sind mit diesem Computer auch Ihre Dateien verloren.",
  "attention.kit.act": "Kit anlegen (2 Minuten)",
};
