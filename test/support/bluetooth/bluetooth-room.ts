import { expect } from 'vitest';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { PtyPort } from '../pty.js';
import { PATIENCE_MS } from '../timing.js';
import { type ControllerOptions, VirtualController } from './virtual-controller.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

/** A serial port with a Bluetooth adapter on it, in a room of peripherals. */
export class BluetoothRoom implements AsyncDisposable {
  #port: PtyPort | undefined;
  #controller: VirtualController | undefined;

  private constructor(
    private readonly options: ControllerOptions,
    readonly peripherals: VirtualPeripheral[],
  ) {}

  static async create(
    peripherals: readonly VirtualPeripheral[] = [],
    options: ControllerOptions = {},
  ): Promise<BluetoothRoom> {
    const room = new BluetoothRoom(options, [...peripherals]);
    room.#port = await PtyPort.create((line) => {
      room.#controller?.[Symbol.dispose]();
      room.#controller = new VirtualController(line, room.peripherals, room.options);
    });
    return room;
  }

  get port(): PtyPort {
    if (!this.#port) throw new Error('The room has no port');
    return this.#port;
  }

  get controller(): VirtualController {
    if (!this.#controller) throw new Error('The adapter is not plugged in');
    return this.#controller;
  }

  /** For the configuration of a gateway. */
  get plugins(): Readonly<Record<string, object>> {
    return { 'hardware-simulated': { devices: [] }, 'hardware-bluetooth': { uart: { port: this.port.path } } };
  }

  /** A gateway with this adapter. */
  start(section: object = {}, config: Readonly<Record<string, object>> = {}): Promise<LiveGateway> {
    const { plugins } = this;
    return startLive({
      devices: 0,
      config: {
        ...config,
        plugins: { ...plugins, 'hardware-bluetooth': { ...plugins['hardware-bluetooth'], ...section } },
      },
    });
  }

  async isConnected(...peripherals: readonly VirtualPeripheral[]): Promise<void> {
    const wanted = peripherals.map(({ address }) => address).toSorted();
    await expect
      .poll(() => this.controller.connected.toSorted(), { interval: 5, timeout: PATIENCE_MS })
      .toEqual(wanted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller?.[Symbol.dispose]();
    await this.#port?.[Symbol.asyncDispose]();
  }
}
