import type { directories as en } from "../en/directories";
import type { Translation } from "../language.svelte";

export const directories: Translation<typeof en> = {
  "directories.title": "Verzeichnisse",
  "directories.lead":
    "Ein Verzeichnis ist eine Organisation mit ihren Personen. " +
    "Wer es erstellt, lädt Personen ein, richtet Geräte für sie ein und lässt sie gemeinsam " +
    "abstimmen.",
  "directories.mark": "Der Dienst dokumentiert Verzeichnisse nicht und kann das ablehnen.",
  "directories.loading": "Der Dienst wird nach Ihren Verzeichnissen gefragt…",
  "directories.untold": "Vom Dienst nicht gemeldet.",
  "directories.invitations": "Einladungen",
  "directories.invitations.why":
    "Der Eigentümer einer Organisation sieht dort Ihre Geräte. " +
    "Er kann sie benennen, neue hinzufügen und Ihre als Speicher verwenden.",
  "directories.invited": "Eingeladen {when}",
  "directories.invited.unknown": "Sie sind eingeladen",
  "directories.accept": "Beitreten",
  "directories.accept.busy": "Beitritt läuft…",
  "directories.decline": "Ablehnen",
  "directories.decline.busy": "Wird abgelehnt…",
  "directories.owned": "Von Ihnen erstellt",
  "directories.assigned": "Sie gehören zu",
  "directories.assigned.none":
    "Sie gehören zu keinem fremden Verzeichnis. " +
    "Um eingeladen zu werden, geben Sie dem Eigentümer Ihre Profil-ID.",
  "directories.assigned.id": "Ihre Profil-ID",
  "directories.none": "Erstellen Sie ein Verzeichnis für ein Team, eine Firma oder eine Familie.",
  "directories.made": "Erstellt {when}",
  "directories.open": "Öffnen",
  "directories.actOn": "{act}: {name}",
  "directories.make.new": "Verzeichnis erstellen…",
  "directories.make.title": "Verzeichnis erstellen",
  "directories.make.why":
    "Es gehört Ihnen. Der Dienst kann es später weder umbenennen noch entfernen.",
  "directories.make.name": "Name",
  "directories.make.name.note": "Etwa „Motoren & Co.“. Der Dienst und alle darin können ihn lesen.",
  "directories.make.short": "Kurzname",
  "directories.make.short.note": "Etwa „motoren“. Jeder kommt nur einmal vor.",
  "directories.make.go": "Erstellen",
  "directories.make.busy": "Das Verzeichnis wird erstellt…",

  "directory.loading": "Der Dienst wird nach dem Verzeichnis gefragt…",
  "directory.back": "Alle Verzeichnisse",
  "directory.id": "Verzeichnis-ID",
  "directory.lead.owner":
    "Es gehört Ihnen. Was Sie hier für seine Personen tun, gilt sofort. " +
    "Personen und Pools lassen sich nicht wieder entfernen.",
  "directory.lead.member":
    "Sie gehören dazu. Personen, Geräte und Pools sieht nur, wer es erstellt hat.",
  "directory.people": "Personen",
  "directory.people.why": "Wer zum Verzeichnis gehört und wer eingeladen ist.",
  "directory.people.none":
    "Noch niemand. Laden Sie jemanden mit Profil ein, oder legen Sie ein Profil an.",
  "directory.own": "Wie das Verzeichnis Sie kennt",
  "directory.person.member": "Mitglied",
  "directory.person.invited": "Eingeladen, noch keine Antwort",
  "directory.person.other": "Status nicht gemeldet",
  "directory.person.devices": { one: "{number} Gerät", other: "{number} Geräte" },
  "directory.person.storing": {
    one: "{number} davon speichert",
    other: "{number} davon speichern",
  },
  "directory.person.unnamed": "Ohne Namen",
  "directory.person.name": "Name…",
  "directory.person.password": "Passwort…",
  "directory.person.device": "Gerät einrichten…",
  "directory.person.given": "Vorname",
  "directory.person.family": "Nachname",
  "directory.person.name.note": "Ein leeres Feld bleibt, wie es ist.",
  "directory.person.name.go": "Speichern",
  "directory.person.password.new": "Neues Passwort",
  "directory.person.password.what":
    "„{name}“ meldet sich von jetzt an mit diesem Passwort an. " +
    "Das lässt sich nicht rückgängig machen. " +
    "Es geht nur bei Profilen, die diese Organisation angelegt hat.",
  "directory.person.password.go": "Passwort setzen",
  "directory.person.device.label": "Name des Geräts",
  "directory.person.device.note": "Es nimmt sofort teil, ohne Freigabe.",
  "directory.person.device.go": "Einrichten",
  "directory.invite.new": "Jemanden einladen…",
  "directory.invite.title": "Jemanden einladen",
  "directory.invite.label": "Profil-ID",
  "directory.invite.note": "Sie steht dort unter Profil. Die Person entscheidet selbst.",
  "directory.invite.go": "Einladen",
  "directory.new.new": "Profil anlegen…",
  "directory.new.title": "Profil für jemanden anlegen",
  "directory.new.why":
    "Es gehört von Anfang an zum Verzeichnis und lässt sich nicht wieder entfernen. " +
    "Geben Sie Namen und Passwort weiter; Schlüssel werden bei der ersten Anmeldung erzeugt.",
  "directory.new.username": "Benutzername",
  "directory.new.password": "Passwort",
  "directory.new.go": "Profil anlegen",
  "directory.devices": "Geräte",
  "directory.devices.why":
    "Die Geräte der Personen im Verzeichnis. Wie viele davon speichern, nennt der Dienst nur je Person.",
  "directory.devices.none": "Keine Geräte. Sie erscheinen, wenn jemand mit Geräten beitritt.",
  "directory.devices.of": "von {name}",
  "directory.devices.store": "Speichern lassen",
  "directory.pools": "Abstimmungspools",
  "directory.pools.why":
    "Personen, die gemeinsam abstimmen. Ein Pool lässt sich weder ändern noch entfernen.",
  "directory.pools.none": "Noch keine Pools.",
  "directory.pools.untold":
    "Der Dienst hat keine Liste der Pools und meldet sie hier nicht. " +
    "Was Sie erstellen, bleibt trotzdem erhalten.",
  "directory.pools.new": "Pool erstellen…",
  "directory.pools.title": "Abstimmungspool erstellen",
  "directory.pools.name": "Name",
  "directory.pools.who": "Wer abstimmt",
  "directory.pools.nobody": "Ein Pool braucht mindestens ein Mitglied des Verzeichnisses.",
  "directory.pools.go": "Pool erstellen",
  "directory.meta": "Text zum Verzeichnis",
  "directory.meta.why":
    "Ein JSON-Objekt für Programme. Der Dienst und alle im Verzeichnis können es lesen.",
  "directory.meta.edit": "Bearbeiten…",
  "directory.meta.label": "JSON-Objekt",
  "directory.meta.wrong": 'Das ist kein JSON-Objekt wie { "stock": 2 }.',
  "directory.meta.note": "Es ersetzt vollständig, was bisher gespeichert war.",
  "directory.meta.go": "Speichern",
  "directory.busy.invite": "Wird eingeladen…",
  "directory.busy.rename": "Der Name wird geändert…",
  "directory.busy.setPassword": "Das Passwort wird gesetzt…",
  "directory.busy.addDevice": "Das Gerät wird eingerichtet…",
  "directory.busy.addStorage": "Wird Speicher…",
  "directory.busy.addPool": "Der Pool wird erstellt…",
  "directory.busy.storeMeta": "Wird gespeichert…",
  "directory.busy.addPerson": "Das Profil wird angelegt…",

  "directories.says.made": "„{name}“ wurde erstellt",
  "directories.says.accept": "Sie sind „{name}“ beigetreten",
  "directories.says.decline": "Die Einladung zu „{name}“ wurde abgelehnt",

  "directory.says.invite": "„{name}“ wurde eingeladen",
  "directory.says.rename": "„{name}“ wurde umbenannt",
  "directory.says.setPassword": "„{name}“ meldet sich von jetzt an mit dem neuen Passwort an",
  "directory.says.addDevice": "„{name}“ wurde eingerichtet",
  "directory.says.addStorage": "„{name}“ speichert von jetzt an",
  "directory.says.addPool": "Der Pool „{name}“ wurde erstellt",
  "directory.says.storeMeta": "Bei „{name}“ gespeichert",
  "directory.says.addPerson": "Das Profil „{name}“ wurde angelegt",
};
