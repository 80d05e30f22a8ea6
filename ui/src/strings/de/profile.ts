import type { profile as en } from "../en/profile";
import type { Translation } from "../language.svelte";

export const profile: Translation<typeof en> = {
  "profile.title": "Profil",
  "profile.lead": "Wie der Dienst Sie kennt und wie Sie sich anmelden.",
  "profile.loading": "Der Dienst wird gefragt…",
  "profile.identity": "Wer Sie sind",
  "profile.name": "Benutzername",
  "profile.at": "{profile}, bei {label}",
  "profile.id": "Profil-ID",
  "profile.id.what": "Andere brauchen sie, um Sie einzuladen. Sie ist kein Geheimnis.",
  "profile.copy": "Kopieren",
  "profile.copyId": "Profil-ID kopieren",
  "profile.copied": "Kopiert",
  "profile.copyFailed": "Kopieren war nicht möglich. Markieren und kopieren Sie die ID von Hand.",
  "profile.session": "Sitzung",
  "profile.session.why":
    "Wenn sie abläuft, meldet sich Privicore neu an, mit dem Passwort, das verschlüsselt auf " +
    "diesem Computer liegt.",
  "profile.session.until": "Angemeldet bis {when}",
  "profile.session.soon": "Weniger als eine Minute übrig",
  "profile.session.minutes": { one: "noch {number} Minute", other: "noch {number} Minuten" },
  "profile.session.hours": { one: "noch {number} Stunde", other: "noch {number} Stunden" },
  "profile.session.life": "Wie lange von jetzt an",
  "profile.session.for": { one: "Für eine Stunde", other: "Für {number} Stunden" },
  "profile.session.renew": "Jetzt verlängern",
  "profile.session.renewing": "Wird verlängert…",
  "profile.session.renewed": "Die Sitzung wurde verlängert",
  "profile.session.unclear": "Gesendet, aber der Dienst hat die Verlängerung nicht bestätigt.",
  "profile.session.unclearHint": "Sehen Sie noch einmal nach: Die Zeit oben zeigt es.",
  "profile.session.look": "Noch einmal nachsehen",
  "profile.leave": "Abmelden",
  "profile.leave.what":
    "Beendet die Sitzung beim Dienst. Schlüssel und Belege bleiben hier, verschlüsselt.",
  "profile.password": "Passwort",
  "profile.password.why":
    "Es meldet Sie beim Dienst an. Was auf diesem Computer Ihre Schlüssel öffnet, bleibt gleich.",
  "profile.password.yours": "Ihr Passwort beim Dienst",
  "profile.password.what": "Wer woanders angemeldet ist, bleibt es, bis jene Sitzung endet.",
  "profile.password.trial": "Kein eigenes Passwort",
  "profile.password.trialWhat":
    "Das Probeprofil meldet sich von selbst an, mit einem Passwort, das auf diesem Computer erzeugt wurde.",
  "profile.password.keys": "Was Ihre Schlüssel öffnet…",
  "profile.password.change": "Passwort ändern…",
  "profile.password.title": "Passwort ändern",
  "profile.password.current": "Aktuelles Passwort",
  "profile.password.new": "Neues Passwort",
  "profile.password.again": "Neues Passwort wiederholen",
  "profile.password.go": "Passwort ändern",
  "profile.password.busy": "Das Passwort wird geändert…",
  "profile.password.done":
    "Das Passwort wurde geändert. Melden Sie sich von jetzt an mit dem neuen an.",
  "profile.password.unclear": "Gesendet, aber der Dienst hat das neue Passwort nicht bestätigt.",
  "profile.password.unclearHint":
    "Sie bleiben angemeldet. Versuchen Sie bei der nächsten Anmeldung zuerst das neue Passwort, dann das alte.",
  "profile.pair": "Gerät koppeln",
  "profile.pair.why":
    "Ein anderes Gerät scannt einen Code und meldet sich ohne Ihr Passwort in Ihrem Profil an.",
  "profile.pair.hidden": "Kein Code zu sehen",
  "profile.pair.what":
    "Ein Code gilt einmal und für kurze Zeit. Zeigen Sie ihn nur, wo niemand sonst ihn scannen kann.",
  "profile.pair.scan": "Scannen Sie diesen Code mit dem anderen Gerät",
  "profile.pair.care":
    "Wer ihn zuerst scannt, ist in Ihrem Profil angemeldet. Verbergen widerruft ihn nicht.",
  "profile.pair.expired": "Der Code ist abgelaufen",
  "profile.pair.expiredWhat": "Niemand kann sich noch damit anmelden. Er ist nicht mehr zu sehen.",
  "profile.pair.picture": "Kopplungscode zum Scannen",
  "profile.pair.left": "Läuft in {time} ab",
  "profile.pair.show": "Code zeigen",
  "profile.pair.another": "Neuer Code",
  "profile.pair.asking": "Ein Code wird angefordert…",
  "profile.pair.hide": "Verbergen",
  "profile.keys": "Fingerabdrücke",
  "profile.keys.none": "Noch keine",
  "profile.keys.look": "Unter Sicherheit vergleichen…",

  "another.title": "Weiteren Computer einrichten",
  "another.why": "Ihre Schlüssel kommen aus dem Wiederherstellungs-Kit. Der Dienst hat sie nie.",
  "another.kit": "Halten Sie Ihr Wiederherstellungs-Kit bereit",
  "another.kit.go": "Wiederherstellungs-Kit sichern…",
  "another.kit.other": "Neues Kit anlegen…",
  "another.kit.has":
    "Sie haben bestätigt, dass Sie es haben. Halten Sie es bereit, oder legen Sie ein neues an.",
  "another.kit.needs":
    "Es ist noch nicht bestätigt. Ohne das Kit kann der andere Computer Ihre Dateien nicht öffnen.",
  "another.install": "Installieren Sie dort Privicore",
  "another.install.what":
    "Verwenden Sie diese Version oder eine neuere. Wählen Sie beim Start „Aus Wiederherstellungs-Kit…“.",
  "another.signIn": "Öffnen Sie das Kit, und melden Sie sich an",
  "another.signIn.what":
    "Verwenden Sie denselben Dienst, Benutzernamen und dasselbe Passwort. " +
    "Ihre Dateien erscheinen in der Liste.",
};
