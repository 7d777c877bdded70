import { expect } from 'vitest';
import { GatewayProcess, TestFolder } from '../gateway-process.js';
import { PATIENCE_MS } from '../timing.js';
import { WireClient } from '../wire-client.js';
import { DeviceRoom } from './device-room.js';
import { EmulatedBluez } from './emulated-bluez.js';
import type { DeviceTimes } from './emulated-device.js';
import { PrivateBus } from './private-bus.js';
import type { ToyPeripheral } from './toy-peripheral.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

/** Toys of the catalogue around an adapter of BlueZ, a gateway process that reaches them through it, and a client. */
export class BluezRoom extends DeviceRoom implements AsyncDisposable {
  #bluez: EmulatedBluez | undefined;
  #gateway: GatewayProcess | undefined;
  #client: WireClient | undefined;

  private constructor(
    readonly bus: PrivateBus,
    readonly folder: TestFolder,
    readonly peripherals: VirtualPeripheral[],
    private readonly section: object,
    private readonly times: Partial<DeviceTimes>,
    private readonly owned: AsyncDisposableStack,
  ) {
    super();
  }

  /** @param section of the plugin */
  static async create(
    toys: readonly ToyPeripheral[],
    section: object = {},
    times: Partial<DeviceTimes> = {},
  ): Promise<BluezRoom> {
    await using owned = new AsyncDisposableStack();
    const bus = owned.use(await PrivateBus.start());
    const folder = owned.use(await TestFolder.create());
    const peripherals = toys.map(({ peripheral }) => peripheral);
    const room = new BluezRoom(bus, folder, peripherals, section, times, owned.move());
    await room.startBluez();
    await room.startGateway();
    return room;
  }

  get client(): WireClient {
    if (!this.#client) throw new Error('The gateway was not started');
    return this.#client;
  }

  get gateway(): GatewayProcess {
    if (!this.#gateway) throw new Error('The gateway was not started');
    return this.#gateway;
  }

  get bluez(): EmulatedBluez {
    if (!this.#bluez) throw new Error('BlueZ does not run');
    return this.#bluez;
  }

  async startBluez(): Promise<void> {
    this.#bluez = await EmulatedBluez.start(this.bus.address, this.peripherals, this.times);
  }

  endBluez(): void {
    this.#bluez?.[Symbol.dispose]();
    this.#bluez = undefined;
  }

  /** Also after the one before has ended. */
  async startGateway(): Promise<void> {
    const plugins = {
      'hardware-simulated': { devices: [] },
      'hardware-bluetooth': { binding: 'dbus', ...this.section },
    };
    const env = { DBUS_SYSTEM_BUS_ADDRESS: this.bus.address };
    this.#gateway = await GatewayProcess.start(this.folder, { plugins }, env);
    this.#client = await WireClient.connect(this.#gateway.url);
  }

  /** How many lines of the log have this in them. */
  said(text: string): number {
    return this.gateway.lines.filter((line) => JSON.stringify(line).includes(text)).length;
  }

  /** Waits until the log has said this, so often at least. */
  async says(text: string, times = 1): Promise<void> {
    const said = () => this.said(text);
    await expect.poll(said, { interval: 10, timeout: 2 * PATIENCE_MS }).toBeGreaterThanOrEqual(times);
  }

  async isScanning(isOn: boolean): Promise<void> {
    await expect.poll(() => this.bluez.isDiscovering, { interval: 5, timeout: PATIENCE_MS }).toBe(isOn);
  }

  /** Nothing went wrong that the gateway did not expect, and it still runs. */
  isUnharmed(): void {
    expect(this.gateway.child.exitCode).toBeNull();
    expect(this.gateway.lines.filter(({ level }) => level >= 50)).toEqual([]);
    expect(this.gateway.otherOutput).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.webSocket.terminate();
    await this.#gateway?.[Symbol.asyncDispose]();
    this.endBluez();
    await this.owned.disposeAsync();
  }
}
