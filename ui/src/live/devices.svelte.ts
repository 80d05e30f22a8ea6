import { ipc } from "../ipc";
import { nameOf, type Step } from "../state/devices";
import { t } from "../strings";
import type { Device, DeviceChange, Devices as DevicesView } from "../types";
import { ServiceState } from "./service-state.svelte";
import { Work } from "./work.svelte";

/**
 * The devices of the profile, and what the service was asked for about them. It goes on whatever
 * the window shows.
 */
export class Devices extends ServiceState {
  view = $state.raw<DevicesView | null>(null);
  /** The device that was requested last, as long as nobody was led to it. */
  fresh = $state<string | null>(null);
  requesting = $state.raw(new Work<"request">());
  #requested: string | null = null;
  /** Grows when the profile is left. */
  #life = 0;
  #work: Record<string, Work<Step | "save">> = Object.create(null);

  constructor(readonly say: (words: string) => void) {
    super();
  }

  /** What is under way with a device, or how it ended. */
  work(id: string): Work<Step | "save"> {
    return (this.#work[id] ??= new Work());
  }

  read(): Promise<void> {
    return this.load(ipc.devices, (view) => (this.view = view));
  }

  /** The user looks: what the list shows now takes the place of what was not confirmed. */
  async refresh(): Promise<void> {
    await this.read();
    if (this.error) return;
    for (const work of [this.requesting, ...Object.values(this.#work)])
      if (work.unclear) work.error = null;
  }

  request = (name: string) =>
    this.requesting.run("request", async () => {
      const life = this.#life;
      const id = await ipc.requestDevice(name);
      if (life !== this.#life) return;
      this.say(t("devices.says.request", { name }));
      await this.read();
      if (life === this.#life) this.#requested = id;
    });

  /** Leads to the device that was requested last. */
  showRequested(): void {
    this.fresh = this.#requested;
  }

  change = (device: Device, change: DeviceChange) =>
    this.work(device.id).run(change.kind, async () => {
      const life = this.#life;
      await ipc.changeDevice(device.id, change);
      if (life !== this.#life) return;
      this.say(t(`devices.says.${change.kind}`, { name: nameOf(device) }));
      await this.read();
    });

  /** Answers whether it was saved. */
  async saveConfiguration(device: Device): Promise<boolean> {
    let saved = false;
    await this.work(device.id).run("save", async () => {
      saved = await ipc.saveDeviceConfiguration(device.id, nameOf(device));
    });
    return saved;
  }

  clear(): void {
    this.invalidate();
    this.#life += 1;
    this.requesting = new Work();
    this.view = this.fresh = this.#requested = null;
    this.#work = Object.create(null);
  }
}
