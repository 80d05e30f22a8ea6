/** What the page knows, as the shell says it. */
import type * as shell from "./bindings";

export type * from "./bindings";

/** A state of the service, where `other` stands for all that the app does not know. */
export type Known<State> = Extract<State, string> | "other";

/* Types of the shell under the names that the page uses. */
export type ActivityEntry = shell.ActivityEntryView;
export type ActivityPage = shell.ActivityView;
export type Applications = shell.ApplicationsView;
export type Devices = shell.DevicesView;
export type Directories = shell.DirectoriesView;
export type FileView = Extract<shell.Row, { row: "file" }>;
export type FolderView = Extract<shell.Row, { row: "folder" }>;
export type HeldSecret = shell.HeldSecretView;
export type Keys = shell.KeysView;
export type KeyStep = shell.KeyStepView;
export type Kit = shell.KitView;
export type KitConfirmation = shell.Confirmation;
export type SavedKit = shell.SavedKitView;
export type Operation = shell.OperationEntry;
export type OperationAnswer = shell.OperationAnswerView;
export type RequestedData = shell.RequestedDataView;
export type PairingCode = shell.PairingCodeView;
export type Policies = shell.PoliciesView;
export type Recipient = shell.RecipientEntry;
export type Security = shell.SecurityView;
export type SortKey = shell.RowSort;
export type Statistics = shell.StatisticsView;
export type TokenCode = shell.TokenCodeView;
export type Transfers = shell.TransfersView;
export type Voting = shell.VotingView;

/** The vote that a file of the list waits for; null where it waits and the vote is not known. */
export type HeldBy = (file: FileView) => string | null | undefined;
