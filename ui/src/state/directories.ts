import type { IconName } from "../parts/icons";
import type { Directories, Directory, Known, OpenDirectory, Person } from "../types";

type Mark = { tone: "ok" | "held" | "quietly"; icon: IconName };

/** How a membership looks; the word stands beside it. */
export const membershipMarks: Record<Known<Person["membership"]>, Mark> = {
  member: { tone: "ok", icon: "check" },
  invited: { tone: "held", icon: "clock" },
  other: { tone: "quietly", icon: "ask" },
};

export const nameOf = (directory: Directory): string =>
  directory.name ?? directory.shortName ?? directory.id;

/** What people call somebody: their names, else the name they sign in with. */
export function personName(person: Person): string {
  const names = [person.givenName, person.familyName].filter((name) => name !== null).join(" ");
  return names || (person.username ?? person.id);
}

/** The name of a profile among the people that are told of. */
export function nameAmong(opened: OpenDirectory, id: string): string {
  const person = opened.people?.find((one) => one.id === id);
  return person ? personName(person) : id;
}

/** Nothing at all: neither made, nor joined, nor invited to. */
export const isEmpty = ({ owned, assigned, invitations }: Directories): boolean =>
  [owned, assigned, invitations].every((list) => list?.length === 0);

/** Only an object can be kept with a directory. */
export function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
