import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { level } from '../messages.js';
import { PATIENCE_MS } from '../timing.js';
import type { WireClient } from '../wire-client.js';
import type { BluetoothRoom } from './bluetooth-room.js';
import { type ToyPeripheral, toyPeripheral } from './toy-peripheral.js';

/** How often each device is told something, ms. */
const PERIOD_MS = 100;

/** Toys that differ in name, so that one can tell by its name which device is which. */
export async function crowdOf(count: number): Promise<readonly ToyPeripheral[]> {
  const lovense = protocols.find(({ id }) => id === 'lovense');
  const vibrating = (lovense?.models ?? []).filter(
    ({ identifiers, features }) => identifiers.length > 0 && features[0]?.outputs.Vibrate,
  );
  const names = [...new Set(vibrating.map(({ name }) => name))].slice(0, count);
  return Promise.all(names.map((name, at) => toyPeripheral(name, at + 1)));
}

/** A crowd of devices that a client drives, while some drop out. */
export class Crowd {
  /** Device index of each toy. */
  readonly #indexes = new Map<ToyPeripheral, number>();
  /** Toys that are not told anything just now. */
  readonly #resting = new Set<ToyPeripheral>();
  #isDriving = false;
  #driving: Promise<void> = Promise.resolve();

  constructor(
    readonly room: BluetoothRoom,
    readonly toys: readonly ToyPeripheral[],
    private readonly client: WireClient,
  ) {}

  /** Waits until all are there. The first time their indexes are noted; after that they have to be the same. */
  async isComplete(): Promise<void> {
    const there = async () => Object.keys(await this.#indexesByName()).length;
    await expect.poll(there, { interval: 50, timeout: 6 * PATIENCE_MS }).toBe(this.toys.length);
    const byName = await this.#indexesByName();
    for (const toy of this.toys) {
      const index = byName[toy.toy.blueprint.model.name];
      if (index === undefined) throw new Error(`${toy.toy.blueprint.model.name} is missing`);
      expect(index).toBe(this.#indexes.get(toy) ?? index);
      this.#indexes.set(toy, index);
    }
  }

  /** Tells each device a new level, over and over. */
  drive(): void {
    this.#isDriving = true;
    this.#driving = this.#loop();
  }

  async rest(): Promise<void> {
    this.#isDriving = false;
    await this.#driving;
  }

  /** One device is stopped while all others go on. @returns how long that took, ms */
  async stopOne(toy: ToyPeripheral): Promise<number> {
    this.#resting.add(toy);
    const since = performance.now();
    await this.client.ask({ StopCmd: { DeviceIndex: this.#indexes.get(toy) ?? -1 } });
    await expect.poll(() => vibration(toy), { interval: 2, timeout: PATIENCE_MS }).toBe(0);
    const tookMs = performance.now() - since;
    this.#resting.delete(toy);
    return tookMs;
  }

  /** One drops out; the others do not notice; it comes back still, and under its index. */
  async dropOne(toy: ToyPeripheral): Promise<void> {
    this.#resting.add(toy);
    const before = this.toys.map(({ peripheral }) => peripheral.connections);
    this.room.controller.drop(toy.peripheral);
    await expect
      .poll(() => toy.peripheral.connections, { interval: 10, timeout: 3 * PATIENCE_MS })
      .toBeGreaterThan(before[this.toys.indexOf(toy)] ?? 0);
    await this.isComplete();
    await expect.poll(() => vibration(toy), { interval: 5, timeout: PATIENCE_MS }).toBe(0);
    for (const [at, { peripheral }] of this.toys.entries()) {
      if (peripheral !== toy.peripheral) expect(peripheral.connections).toBe(before[at]);
    }
    this.#resting.delete(toy);
  }

  async isStill(): Promise<void> {
    const running = () => this.toys.filter((toy) => vibration(toy) !== 0).map(({ toy }) => toy.name);
    await expect.poll(running, { interval: 2, timeout: PATIENCE_MS }).toEqual([]);
  }

  async isRunning(): Promise<void> {
    const still = () => this.toys.filter((toy) => vibration(toy) === 0).map(({ toy }) => toy.name);
    await expect.poll(still, { interval: 2, timeout: PATIENCE_MS }).toEqual([]);
  }

  async #loop(): Promise<void> {
    for (let round = 0; this.#isDriving; round++) {
      for (const [at, toy] of this.toys.entries()) {
        if (this.#resting.has(toy)) continue;
        // Never two equal ones in a row, and never off.
        const value = ((round * 7 + at) % 19) + 1;
        this.client.tell(withId(level(this.#indexes.get(toy) ?? -1, 0, 'Vibrate', value)));
      }
      await pause(PERIOD_MS);
    }
  }

  async #indexesByName(): Promise<Readonly<Record<string, number>>> {
    const reply = await this.client.ask({ RequestDeviceList: {} });
    const devices = (reply.DeviceList?.Devices ?? {}) as Readonly<Record<string, { readonly DeviceName: string }>>;
    return Object.fromEntries(Object.entries(devices).map(([index, { DeviceName }]) => [DeviceName, Number(index)]));
  }
}

const vibration = ({ toy }: ToyPeripheral): number => toy.outputs[0]?.level ?? 0;

/** Of answers to orders that come in hundreds nobody keeps account. */
const withId = (message: ReturnType<typeof level>) =>
  Object.fromEntries(Object.entries(message).map(([name, body]) => [name, { ...body, Id: 1_000_000 }]));
