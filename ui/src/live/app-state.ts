import { RowActs } from "../files/acts/row-acts.svelte";
import { listen } from "../ipc";
import { folderUnder } from "../state/dropped";
import { Activity } from "./activity.svelte";
import { Attention } from "./attention.svelte";
import { Applications } from "./applications.svelte";
import { Console } from "./console.svelte";
import { CopiedToken } from "./copied.svelte";
import { Devices } from "./devices.svelte";
import { Directories } from "./directories.svelte";
import { Files } from "./files.svelte";
import { Drop } from "./drop.svelte";
import { Folders } from "./folders.svelte";
import { Keys } from "./keys.svelte";
import { Messages } from "./messages.svelte";
import { Outside } from "./outside.svelte";
import { ViewPrefs } from "./prefs.svelte";
import { Reach } from "./reach.svelte";
import { deletionOutcome } from "../state/file-log";
import { Session } from "./session.svelte";
import { TransferQueue } from "./transfers.svelte";
import { Votes } from "./votes.svelte";

/** Everything that lives as long as the window. */
export class AppState {
  readonly session = new Session();
  readonly prefs = new ViewPrefs();
  readonly files = new Files(this.prefs.now.order);
  readonly folders = new Folders();
  readonly attention = new Attention();
  readonly transfers = new TransferQueue();
  readonly keys = new Keys();
  readonly reach = new Reach();
  readonly messages = new Messages();
  readonly outside = new Outside(this.messages);
  readonly devices = new Devices((words) => this.messages.say(words));
  readonly directories = new Directories((words) => this.messages.say(words));
  readonly votes = new Votes((words) => this.messages.say(words));
  readonly applications = new Applications((words) => this.messages.say(words));
  readonly console = new Console((words) => this.messages.say(words));
  readonly activity = new Activity();
  readonly acts = new RowActs(this.files, this.messages, this.outside, this.activity.acted);
  readonly drop = new Drop();
  readonly copied = new CopiedToken();

  /** Listens first, so that nothing is missed, then asks how things stand. Answers how to stop. */
  async begin(): Promise<() => void> {
    const stop = await listen({
      appChanged: (view) => this.session.appChanged(view),
      filesChanged: () => (this.files.changed(), this.folders.changed(), this.attention.changed()),
      activityChanged: () => (this.activity.changed(), this.votes.activityChanged()),
      transfersChanged: (change) => {
        if (this.transfers.changed(change)) this.activity.transfersChanged(change.changed);
      },
      dropChanged: (drop) => this.drop.changed(drop),
      rowsDropped: () => this.acts.dropOn(folderUnder(this.drop.state)?.dataset.folder),
      keyProgress: (step) => this.session.keyProgress(step),
      deletionEnded: (end) => {
        const ended = this.messages.deletionEnded(end);
        if (!ended) return;
        const name = ended.name ?? ended.first;
        this.activity.acted("delete", name, deletionOutcome(name, ended.count, end.error));
      },
      copyEnded: (end) => this.copied.ended(end),
      notice: (notice) => this.messages.notice(notice),
    });
    await this.session.begin();
    return stop;
  }

  /** Nothing of one profile may be seen by the next. */
  leave(): void {
    this.files.clear();
    this.folders.clear();
    this.attention.clear();
    this.keys.clear();
    this.reach.clear();
    this.devices.clear();
    this.directories.clear();
    this.votes.clear();
    this.applications.clear();
    this.console.clear();
    this.activity.clear();
    this.transfers.clear();
    this.messages.clear();
    this.outside.clear();
    this.acts.clear();
    this.drop.clear();
    this.copied.clear();
  }
}
