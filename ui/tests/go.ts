/** How tests go about in the workspace, as a person does. */
import { fireEvent, screen } from "@testing-library/svelte";

async function press(id: string): Promise<HTMLElement> {
  const button = await screen.findByTestId(id);
  button.focus();
  await fireEvent.click(button);
  return button;
}

/** Chooses from the account menu. */
export async function account(item: string): Promise<void> {
  await press("account");
  await press(item);
}

/** Goes to a page of the settings. */
export async function goTo(place: string): Promise<void> {
  if (!screen.queryByTestId("place-general")) await account("settings");
  await press(`place-${place}`);
}
