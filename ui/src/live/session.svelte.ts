import { asErrorView, ipc } from "../ipc";
import type {
  AddressCheck,
  Addresses,
  AppView,
  AutoLock,
  Credentials,
  ErrorView,
  KeyStep,
  KitConfirmation,
  LanguageChoice,
  Limits,
  NewKeys,
  PinnedKey,
  Theme,
} from "../types";

/** Where the user stands: first start, signed out, locked or signed in. */
export class Session {
  view = $state.raw<AppView | null>(null);
  failure = $state.raw<ErrorView | null>(null);
  keyStep = $state<KeyStep | null>(null);
  /** Why the way in ended on another screen than it began on; for that screen to show. */
  leftOver = $state.raw<ErrorView | null>(null);
  /** Who chose to restore a profile before its service was known goes on with that. */
  restores = $state(false);
  #entering = false;
  #awaited: AppView | null = null;

  async begin(): Promise<void> {
    this.failure = null;
    try {
      this.appChanged(await ipc.appView());
    } catch (failure) {
      this.startFailed(failure);
    }
  }

  startFailed(failure: unknown): void {
    this.failure = asErrorView(failure);
  }

  /**
   * Takes a view over, unless a newer one has overtaken it. Who is on the way in stays on the
   * screen where it began until it is
   * known what came of it: a service is chosen on the way, and its sign-in form is not for them.
   */
  appChanged(view: AppView): void {
    const newest = this.#awaited ?? this.view;
    if (newest !== null && view.revision < newest.revision) return;
    const isOnTheWay =
      this.#entering && view.stage !== "signedIn" && view.stage !== this.view?.stage;
    this.#awaited = isOnTheWay ? view : null;
    if (!isOnTheWay) this.view = view;
  }

  keyProgress(step: KeyStep): void {
    this.keyStep = step;
  }

  tryNow = (passphrase: string | null) => this.#enter(ipc.tryNow(passphrase));
  createProfile = (credentials: Credentials) => this.#enter(ipc.createProfile(credentials));
  signIn = (credentials: Credentials, newKeys: NewKeys) =>
    this.#enter(ipc.signIn(credentials, newKeys));
  unlock = (passphrase: string | null) => this.#enter(ipc.unlock(passphrase));
  restorePreviousKeys = (passphrase: string | null) =>
    this.#enter(ipc.restorePreviousKeys(passphrase));
  lock = () => this.#enter(ipc.lock());
  setAutoLock = (rules: AutoLock) => this.#enter(ipc.setAutoLock(rules));
  setClipboardSeconds = (seconds: number) => this.#enter(ipc.setClipboardSeconds(seconds));
  changePassphrase = (old: string, fresh: string) => this.#enter(ipc.changePassphrase(old, fresh));
  protectWithPassphrase = (fresh: string) => this.#enter(ipc.protectWithPassphrase(fresh));
  protectWithKeyring = (passphrase: string) => this.#enter(ipc.protectWithKeyring(passphrase));
  lookForKeyring = () => this.#enter(ipc.lookForKeyring());
  restoreProfile = (credentials: Credentials) => this.#enter(ipc.restoreProfile(credentials));
  signOut = () => this.#enter(ipc.signOut());
  connectSandbox = () => this.#enter(ipc.connectSandbox());
  chooseConnection = () => this.#enter(ipc.chooseConnection());

  /** Tries the addresses, and takes them when all four servers answer. */
  async connectWhereAllAnswer(addresses: Addresses): Promise<AddressCheck[]> {
    const checks = await ipc.checkAddresses(addresses);
    if (checks.every(({ ok }) => ok)) await this.connectService(addresses);
    return checks;
  }

  async connectService(addresses: Addresses): Promise<void> {
    this.appChanged(await ipc.connectService(addresses));
  }

  async setTheme(theme: Theme): Promise<void> {
    this.appChanged(await ipc.setTheme(theme));
  }

  async setLanguage(language: LanguageChoice): Promise<void> {
    this.appChanged(await ipc.setLanguage(language));
  }

  async setLimits(limits: Limits): Promise<void> {
    this.appChanged(await ipc.setLimits(limits));
  }

  async setVerifyUploads(on: boolean): Promise<void> {
    this.appChanged(await ipc.setVerifyUploads(on));
  }

  async setHidesContents(on: boolean): Promise<void> {
    this.appChanged(await ipc.setHidesContents(on));
  }

  async setNeverOpensElsewhere(on: boolean): Promise<void> {
    this.appChanged(await ipc.setNeverOpensElsewhere(on));
  }

  async setNotifications(on: boolean): Promise<void> {
    this.appChanged(await ipc.setNotifications(on));
  }

  async acceptKey(key: PinnedKey, fingerprint: string): Promise<void> {
    this.appChanged(await ipc.acceptKey(key, fingerprint));
  }

  async confirmRecoveryKit(confirmation: KitConfirmation): Promise<void> {
    this.appChanged(await ipc.confirmRecoveryKit(confirmation));
  }

  async renewRecoveryKey(passphrase: string | null): Promise<void> {
    this.appChanged(await ipc.renewRecoveryKey(passphrase));
  }

  async registerOwnKey(): Promise<void> {
    this.appChanged(await ipc.registerOwnKey());
  }

  async #enter(answer: Promise<AppView>): Promise<void> {
    this.keyStep = null;
    this.leftOver = null;
    this.#entering = true;
    try {
      const view = await answer;
      this.#entering = false;
      this.appChanged(view);
    } catch (failure) {
      if (this.#awaited) this.leftOver = asErrorView(failure);
      throw failure;
    } finally {
      this.#entering = false;
      this.view = this.#awaited ?? this.view;
      this.#awaited = null;
      this.keyStep = null;
    }
  }
}
