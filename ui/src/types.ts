/** What the page knows, as the shell says it: the generated types under the names the page uses. */
import type * as shell from "./bindings";

export type AddressCheck = shell.AddressCheck;
export type Addresses = shell.Addresses;
export type AppView = shell.AppView;
export type ContextCount = shell.ContextView;
export type Credentials = shell.Credentials;
export type Deletion = shell.Deletion;
export type DeletionEnded = shell.DeletionEnded;
export type DropChanged = shell.DropChanged;
export type ErrorView = shell.ErrorView;
export type FilePage = shell.FilePage;
export type FileQuery = shell.FileQuery;
export type FileState = shell.FileState;
export type FileView = shell.FileView;
export type KeyringView = shell.KeyringView;
export type KeyStep = shell.KeyStepView;
export type Limits = shell.Limits;
export type Notice = shell.Notice;
export type SortKey = shell.Sort;
export type Stage = shell.Stage;
export type Theme = shell.Theme;
export type Transfers = shell.TransfersView;
export type TransfersChanged = shell.TransfersChanged;
export type TransferState = shell.TransferState;
export type TransferSummary = shell.TransferSummary;
export type TransferView = shell.TransferView;
export type Which = shell.Which;
