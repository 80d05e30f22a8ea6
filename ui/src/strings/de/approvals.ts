import type { approvals as en } from "../en/approvals";
import type { Translation } from "../language.svelte";

export const approvals: Translation<typeof en> = {
  "approvals.title": "Freigaben",
  "approvals.lead":
    "Hierüber entscheiden Ihre Authenticatoren. Alles andere geht inzwischen weiter.",
  "approvals.loading": "Der Dienst wird nach Freigaben gefragt…",
  "approvals.none": "Nichts wartet auf Freigabe.",
  "approvals.none.go": "Freigaberegeln",
  "approvals.waiting": "Wartet auf Freigabe",
  "approvals.decided": "Entschieden",
  "approvals.upload": "„{name}“ speichern",
  "approvals.download": "„{name}“ sichern",
  "approvals.verify": "„{name}“ prüfen",
  "approvals.reseal": "„{name}“ neu verschlüsseln",
  "approvals.untold": "Der Dienst hat die Frage nicht gemeldet",
  "approvals.details": "Details",
  "approvals.detailsOf": "Details: {title}",
  "approvals.question": "Frage",
  "approvals.votes": "Stimmen",
  "approvals.approve": "Freigeben",
  "approvals.reject": "Ablehnen",
  "approvals.on": "auf {phone}",
  "approvals.approveOn": "Auf {phone} freigeben: {title}",
  "approvals.rejectOn": "Auf {phone} ablehnen: {title}",
  "approvals.off": "{phone} ist ausgeschaltet",
  "approvals.all": { one: "{number} freigeben", other: "Alle {number} freigeben" },
  "approvals.all.busy": "Wird freigegeben…",
  "approvals.all.done": { one: "{number} freigegeben", other: "{number} freigegeben" },
  "approvals.all.some": "{done} von {all} freigegeben",
  "approvals.ask": "Frage stellen…",
  "approvals.ask.title": "Frage stellen",
};
