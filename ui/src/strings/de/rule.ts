import type { rule as en } from "../en/rule";
import type { Translation } from "../language.svelte";

export const rule: Translation<typeof en> = {
  "rule.title": "Neue Regel",
  "rule.new": "Neue Regel…",
  "rule.sentence": "{who} fragen vor {what}",
  "rule.answer": "Zeit für die Antwort: {time}",
  "rule.or": "oder",
  "rule.who": "Wie viele zustimmen müssen",
  "rule.what": "Was eine Freigabe braucht",
  "rule.time": "Zeit für die Antwort",
  "rule.whom": "Nur diese Geräte",
  "rule.whom.all": "Keines gewählt: Alle Authenticatoren werden gefragt.",
  "rule.one": "Irgendjemanden",
  "rule.majority": "Mehr als die Hälfte",
  "rule.unanimous": "Alle",
  "rule.another": "Weiteres hinzufügen…",
  "rule.less": "Entfernen: {event}",
  "rule.scope":
    "Eine Regel gilt für alle Ihre Dateien. Der Dienst hat keine Regeln für ein einzelnes Label.",
  "rule.name": "Freigabe vor {events}",
  "rule.configurationName": "{counting}, {minutes} Min.",
  "rule.make": "Einschalten",
  "rule.make.anyway": "Trotzdem einschalten",
  "rule.again": "Noch einmal versuchen",
  "rule.making.configuration": "Wer gefragt wird, wird gespeichert…",
  "rule.making.policy": "Die Regel wird gespeichert…",
  "rule.making.activation": "Die Regel wird eingeschaltet…",
  "rule.made.none": "Nichts wurde angelegt.",
  "rule.made.configuration": "Wer gefragt wird, ist gespeichert. Eine Regel gibt es noch nicht.",
  "rule.made.policy": "Die Regel ist gespeichert, aber nicht in Kraft.",
  "rule.made.unclear":
    "Der Dienst hat diesen Schritt nicht bestätigt. Ein neuer Versuch sieht zuerst nach.",
  "rule.says.made": "„{name}“ ist in Kraft",
};
