import type { common as en } from "../en/common";
import type { Translation } from "../language.svelte";

export const common: Translation<typeof en> = {
  "app.name": "Privicore",
  "app.starting": "Privicore startet…",
  "app.startFailed": "Privicore konnte nicht starten",
  "app.retry": "Noch einmal versuchen",
  "app.version": "Version {version}",
  "app.dismiss": "Ausblenden",
  "app.close": "Schließen",
  "app.back": "Zurück",

  "page.refresh": "Aktualisieren",
  "page.refreshing": "Wird aktualisiert…",
  "page.stale": "Das ist der Stand der letzten Antwort des Dienstes.",

  "work.waiting": "Der Dienst hat es noch nicht bestätigt.",
  "work.waiting.long":
    "Noch immer nicht bestätigt: Vielleicht muss eine Abstimmung es erst erlauben; " +
    "sie steht dann unter Freigaben. Es läuft weiter, während Sie anderes tun.",
  "work.unclear": "Es wurde gesendet, aber der Dienst hat es nicht bestätigt.",
  "work.unclear.hint":
    "Aktualisieren Sie, um nachzusehen. Wiederholen Sie es nicht vorher: Es kann noch wirksam werden.",
};
