/** What the command palette offers for what was typed. */
export type Command = { readonly id: string; readonly label: string; readonly run: () => void };

const words = (text: string) => text.toLocaleLowerCase().split(/\s+/).filter(Boolean);

/** Commands that have every word that was typed; those that begin with it come first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const wanted = words(typed);
  const found = commands.filter(({ label }) => {
    const text = label.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const begins = ({ label }: Command) =>
    wanted.length > 0 && label.toLocaleLowerCase().startsWith(wanted.join(" "));
  return [...found.filter(begins), ...found.filter((command) => !begins(command))];
}
