/** The one door between the page and the shell. Nothing else imports the bindings or Tauri. */
import { commands, events } from "./bindings";
import type {
  Account,
  ActivityPage,
  ActivityQuery,
  AddressCheck,
  Addresses,
  Applications,
  AppView,
  AutoLock,
  CopyEnded,
  Credentials,
  Deletion,
  DeletionEnded,
  DeviceChange,
  Devices,
  Directories,
  DirectoryChange,
  NewPerson,
  OpenDirectory,
  DropChanged,
  ErrorView,
  FilePage,
  HeldSecret,
  NewApplication,
  NewKeys,
  FieldValue,
  FileQuery,
  KeyChange,
  Keys,
  KeyStep,
  Kit,
  KitConfirmation,
  SavedKit,
  Limits,
  NetworkFile,
  NetworkView,
  NetworkWish,
  NewPassword,
  Notice,
  Openers,
  Operation,
  OperationAnswer,
  OperationRequest,
  RequestedData,
  PairingCode,
  PinnedKey,
  Security,
  NewPolicy,
  Phone,
  PhoneScript,
  Policies,
  PolicyChange,
  Poll,
  Vote,
  Voting,
  VotingConfiguration,
  VotingRules,
  Statistics,
  Strength,
  Theme,
  TokenCode,
  Transfers,
  TransfersChanged,
  UnlockView,
} from "./types";

/** A refusal of the shell, in the two sentences a person reads. */
export class ShellError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = "ShellError";
    this.code = view.code;
    this.hint = view.hint;
  }
}

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ErrorView };

/** The only function that knows how the bindings report success and failure. */
async function unwrap<T>(answer: Promise<Answer<T> | T>): Promise<T> {
  const value: unknown = await answer.catch((refusal: unknown) => {
    throw isErrorView(refusal) ? new ShellError(refusal) : refusal;
  });
  if (!isTagged(value)) return value as T;
  if (value.status === "error") throw new ShellError(value.error);
  return value.data as T;
}

function isTagged(value: unknown): value is Answer<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "status" in value &&
    (value.status === "ok" || value.status === "error")
  );
}

function isErrorView(value: unknown): value is ErrorView {
  return typeof value === "object" && value !== null && "message" in value && "hint" in value;
}

/**
 * Any failure as something that can be shown; what is not the shell's own error is a fault of the
 * app.
 */
export function asErrorView(failure: unknown): ErrorView {
  if (failure instanceof ShellError) {
    return { code: failure.code, message: failure.message, hint: failure.hint };
  }
  const detail = failure instanceof Error ? failure.message : String(failure);
  return { code: "page", message: "Something unexpected happened in the app.", hint: detail };
}

async function done(answer: Promise<Answer<null | undefined> | null | void>): Promise<void> {
  await unwrap<null | undefined | void>(answer);
}

export const appView = () => unwrap<AppView>(commands.appView());
export const tryNow = (passphrase: string | null) => unwrap<AppView>(commands.tryNow(passphrase));
export const connectSandbox = () => unwrap<AppView>(commands.connectSandbox());
export const checkAddresses = (a: Addresses) => unwrap<AddressCheck[]>(commands.checkAddresses(a));
export const connectService = (a: Addresses) => unwrap<AppView>(commands.connectService(a));
export const chooseConnection = () => unwrap<AppView>(commands.chooseConnection());
export const createProfile = (c: Credentials) => unwrap<AppView>(commands.createProfile(c));
export const signIn = (c: Credentials, newKeys: NewKeys) =>
  unwrap<AppView>(commands.signIn(c, newKeys));
export const rateSecret = (secret: string, about: string[]) =>
  unwrap<Strength>(commands.rateSecret(secret, about));
export const unlock = (passphrase: string | null) => unwrap<AppView>(commands.unlock(passphrase));
export const unlockView = () => unwrap<UnlockView>(commands.unlockView());
export const restorePreviousKeys = (passphrase: string | null) =>
  unwrap<AppView>(commands.restorePreviousKeys(passphrase));
export const lock = () => unwrap<AppView>(commands.lock());
/** The user did something: the time until it locks by itself begins anew. */
export const seen = () => done(commands.seen());
export const setAutoLock = (rules: AutoLock) => unwrap<AppView>(commands.setAutoLock(rules));
export const changePassphrase = (old: string, fresh: string) =>
  unwrap<AppView>(commands.changePassphrase(old, fresh));
export const protectWithPassphrase = (fresh: string) =>
  unwrap<AppView>(commands.protectWithPassphrase(fresh));
export const protectWithKeyring = (passphrase: string) =>
  unwrap<AppView>(commands.protectWithKeyring(passphrase));
export const lookForKeyring = () => unwrap<AppView>(commands.lookForKeyring());
export const signOut = () => unwrap<AppView>(commands.signOut());

/** Answers nothing when no folder was chosen. */
export const saveRecoveryKit = () => unwrap<SavedKit | null>(commands.saveRecoveryKit());
export const confirmRecoveryKit = (c: KitConfirmation) =>
  unwrap<AppView>(commands.confirmRecoveryKit(c));
export const renewRecoveryKey = (passphrase: string | null) =>
  unwrap<AppView>(commands.renewRecoveryKey(passphrase));
/** Answers nothing when no file was chosen. */
export const chooseKit = () => unwrap<Kit | null>(commands.chooseKit());
export const typeKit = (typed: string) => unwrap<Kit>(commands.typeKit(typed));
export const forgetKit = () => done(commands.forgetKit());
export const restoreProfile = (c: Credentials) => unwrap<AppView>(commands.restoreProfile(c));
export const security = () => unwrap<Security>(commands.security());
export const acceptKey = (key: PinnedKey, fingerprint: string) =>
  unwrap<AppView>(commands.acceptKey(key, fingerprint));
export const registerOwnKey = () => unwrap<AppView>(commands.registerOwnKey());

export const keys = () => unwrap<Keys>(commands.keys());
export const changeKeys = (change: KeyChange, passphrase: string | null) =>
  unwrap<Keys>(commands.changeKeys(change, passphrase));
/** Answers whether it was written. */
export const exportSharedKey = (name: string) => unwrap<boolean>(commands.exportSharedKey(name));
export const setContextKey = (context: string, name: string | null) =>
  unwrap<Keys>(commands.setContextKey(context, name));
export const addRecipient = (key: string, label: string, context: string | null) =>
  unwrap<Keys>(commands.addRecipient(key, label, context));
export const removeRecipient = (key: string, context: string | null) =>
  unwrap<Keys>(commands.removeRecipient(key, context));
/** Answers how many were queued. */
export const resealFiles = (ids: string[], withoutReceipt: boolean) =>
  unwrap<number>(commands.resealFiles(ids, withoutReceipt));
export const resealOutdated = () => unwrap<number>(commands.resealOutdated());
export const openers = (id: string) => unwrap<Openers>(commands.openers(id));

export const devices = () => unwrap<Devices>(commands.devices());
/** Answers which one it is, if the service told. */
export const requestDevice = (name: string) => unwrap<string | null>(commands.requestDevice(name));
export const changeDevice = (id: string, change: DeviceChange) =>
  done(commands.changeDevice(id, change));
/** Answers whether it was written. */
export const saveDeviceConfiguration = (id: string, name: string) =>
  unwrap<boolean>(commands.saveDeviceConfiguration(id, name));

export const directories = () => unwrap<Directories>(commands.directories());
export const directory = (id: string) => unwrap<OpenDirectory>(commands.directory(id));
export const makeDirectory = (name: string, shortName: string) =>
  done(commands.makeDirectory(name, shortName));
export const answerInvitation = (directory: string, accept: boolean) =>
  done(commands.answerInvitation(directory, accept));
export const addDirectoryPerson = (id: string, person: NewPerson) =>
  done(commands.addDirectoryPerson(id, person));
export const setDirectoryPassword = (id: string, person: string, password: string) =>
  done(commands.setDirectoryPassword(id, person, password));
export const changeDirectory = (id: string, change: DirectoryChange) =>
  done(commands.changeDirectory(id, change));

export const operations = () => unwrap<Operation[]>(commands.operations());
export const showOperation = (id: string, values: FieldValue[]) =>
  unwrap<OperationRequest>(commands.showOperation(id, values));
export const callOperation = (id: string, values: FieldValue[]) =>
  unwrap<OperationAnswer>(commands.callOperation(id, values));
/** The body of the last answer with its tokens; the shell asks the user first. */
export const showAnswerTokens = () => unwrap<string | null>(commands.showAnswerTokens());
/** Comes back when the command was done. */
export const settleOperation = (command: string) => done(commands.settleOperation(command));
export const awaitRequestedData = () => unwrap<RequestedData>(commands.awaitRequestedData());
/**
 * Asks natively where to; nothing when no place was chosen, otherwise how many bytes were saved.
 */
export const saveRequestedData = () => unwrap<number | null>(commands.saveRequestedData());
export const copyOperation = (id: string, values: FieldValue[]) =>
  done(commands.copyOperation(id, values));

export const account = () => unwrap<Account>(commands.account());
export const renewSession = (hours: number) => unwrap<Account>(commands.renewSession(hours));
export const changePassword = (password: NewPassword) => done(commands.changePassword(password));
export const pairingCode = () => unwrap<PairingCode>(commands.pairingCode());

export const queryFiles = (query: FileQuery) => unwrap<FilePage>(commands.queryFiles(query));
export const refreshFiles = () => done(commands.refreshFiles());
export const acceptList = () => done(commands.acceptList());
export const forgetFile = (id: string) => done(commands.forgetFile(id));
export const acceptName = (id: string, shown: string) => done(commands.acceptName(id, shown));
export const chooseFiles = (context: string) => unwrap<number>(commands.chooseFiles(context));
export const chooseFolder = (context: string) => unwrap<number>(commands.chooseFolder(context));
export const setDropContext = (context: string) => done(commands.setDropContext(context));
export const saveFiles = (ids: string[]) => unwrap<number>(commands.saveFiles(ids));
export const deleteFiles = (ids: string[]) => unwrap<Deletion>(commands.deleteFiles(ids));
/** Answers whether it was in time. */
export const undoDeletion = (id: string) => unwrap<boolean>(commands.undoDeletion(id));

export const verifyFiles = (ids: string[]) => unwrap<number>(commands.verifyFiles(ids));
export const keepAnyway = (id: string) => done(commands.keepAnyway(id));
export const setNotifications = (on: boolean) => unwrap<AppView>(commands.setNotifications(on));
export const setVerifyUploads = (on: boolean) => unwrap<AppView>(commands.setVerifyUploads(on));
/** Answers how many receipts were written; null when no place for them was chosen. */
export const exportReceipts = () => unwrap<number | null>(commands.exportReceipts());
/**
 * Answers after how many seconds it is taken off the clipboard again. The page does not get the
 * text.
 */
export const copyToken = (id: string) => unwrap<number>(commands.copyToken(id));
export const tokenCode = (id: string) => unwrap<TokenCode>(commands.tokenCode(id));
export const setClipboardSeconds = (seconds: number) =>
  unwrap<AppView>(commands.setClipboardSeconds(seconds));

export const voting = () => unwrap<Voting>(commands.voting());
export const addAuthenticator = (id: string) => done(commands.addAuthenticator(id));
export const removeAuthenticator = (id: string) => done(commands.removeAuthenticator(id));
export const saveVotingConfiguration = (c: VotingConfiguration) =>
  done(commands.saveVotingConfiguration(c));
export const setVotingRules = (rules: VotingRules) => done(commands.setVotingRules(rules));
export const poll = (id: string) => unwrap<Poll>(commands.poll(id));
/** Answers the poll's id. */
export const startedPolls = () => unwrap<string[]>(commands.startedPolls());
export const startPoll = (configuration: string, title: string, question: string) =>
  unwrap<string>(commands.startPoll(configuration, title, question));
export const policies = () => unwrap<Policies>(commands.policies());
/** Answers the policy's id, if the service shows it in time. */
export const registerPolicy = (policy: NewPolicy) =>
  unwrap<string | null>(commands.registerPolicy(policy));
export const changePolicy = (id: string, change: PolicyChange) =>
  done(commands.changePolicy(id, change));
/** Answers nothing where there are no phones to play. */
export const phones = () => unwrap<Phone[] | null>(commands.phones());
export const pairPhone = (name: string) => done(commands.pairPhone(name));
export const setPhoneScript = (id: string, script: PhoneScript) =>
  done(commands.setPhoneScript(id, script));
/** Answers whether it was in time. */
export const answerOnPhone = (id: string, poll: string, vote: Vote) =>
  unwrap<boolean>(commands.answerOnPhone(id, poll, vote));

export const applications = () => unwrap<Applications>(commands.applications());
/** Answers the application's id. */
export const registerApplication = (application: NewApplication) =>
  unwrap<string>(commands.registerApplication(application));
/** The shell asks for the secret and holds it. The page does not get it. */
export const takeApplicationSecret = (id: string) =>
  unwrap<HeldSecret>(commands.takeApplicationSecret(id));
export const showApplicationSecret = (id: string) =>
  unwrap<string>(commands.showApplicationSecret(id));
/** Answers after how many seconds it is taken off the clipboard again. */
export const copyApplicationSecret = (id: string) =>
  unwrap<number>(commands.copyApplicationSecret(id));
/** Answers whether it was written. */
export const saveApplicationSecret = (id: string, name: string) =>
  unwrap<boolean>(commands.saveApplicationSecret(id, name));
export const forgetApplicationSecret = (id: string) => done(commands.forgetApplicationSecret(id));
/** Answers the id with which the application fetches its code. */
export const letApplicationIn = (clientId: string, word: string, scopes: string[]) =>
  unwrap<string>(commands.letApplicationIn(clientId, word, scopes));
/** What was asked of the service in this session, the newest first. */
export const activity = (query: ActivityQuery) => unwrap<ActivityPage>(commands.activity(query));
export const statistics = () => unwrap<Statistics>(commands.statistics());
/** Answers how many entries were written; null when no place for them was chosen. */
export const exportActivity = () => unwrap<number | null>(commands.exportActivity());

export const transfers = () => unwrap<Transfers>(commands.transfers());
export const cancelTransfer = (id: string) => done(commands.cancelTransfer(id));
export const cancelAll = () => done(commands.cancelAll());
export const pauseTransfer = (id: string) => done(commands.pauseTransfer(id));
export const pauseAll = () => done(commands.pauseAll());
export const resumeTransfer = (id: string) => done(commands.resumeTransfer(id));
export const resumeAll = () => done(commands.resumeAll());
export const retryTransfer = (id: string) => done(commands.retryTransfer(id));
export const retryFailed = () => done(commands.retryFailed());
export const clearFinished = () => done(commands.clearFinished());
export const setLimits = (limits: Limits) => unwrap<AppView>(commands.setLimits(limits));
export const network = () => unwrap<NetworkView>(commands.network());
/** Answers the name of the file that was chosen, if one was. */
export const chooseNetworkFile = (file: NetworkFile) =>
  unwrap<string | null>(commands.chooseNetworkFile(file));
export const setNetwork = (wish: NetworkWish) => unwrap<NetworkView>(commands.setNetwork(wish));
export const setTheme = (theme: Theme) => unwrap<AppView>(commands.setTheme(theme));

/** Everything the shell may say on its own. */
export type Heard = {
  appChanged(view: AppView): void;
  filesChanged(): void;
  activityChanged(): void;
  transfersChanged(change: TransfersChanged): void;
  dropChanged(drop: DropChanged): void;
  keyProgress(step: KeyStep): void;
  deletionEnded(end: DeletionEnded): void;
  copyEnded(end: CopyEnded): void;
  notice(notice: Notice): void;
};

type Source<T> = { listen(cb: (event: { payload: T }) => void): Promise<() => void> };

const hear = <T>(source: Source<T>, cb: (payload: T) => void) =>
  source.listen((event) => cb(event.payload));

/** Listens to every event; answers how to stop listening. */
export async function listen(heard: Heard): Promise<() => void> {
  const stops = await Promise.all([
    hear<AppView>(events.appChanged, heard.appChanged),
    hear<null>(events.filesChanged, heard.filesChanged),
    hear<null>(events.activityChanged, heard.activityChanged),
    hear<TransfersChanged>(events.transfersChanged, heard.transfersChanged),
    hear<DropChanged>(events.dropChanged, heard.dropChanged),
    hear<{ step: KeyStep }>(events.keyProgress, (progress) => heard.keyProgress(progress.step)),
    hear<DeletionEnded>(events.deletionEnded, heard.deletionEnded),
    hear<CopyEnded>(events.copyEnded, heard.copyEnded),
    hear<Notice>(events.notice, heard.notice),
  ]);
  return () => stops.forEach((stop) => stop());
}
