import { expect } from 'vitest';
import type { LiveGateway } from '../live-gateway.js';
import { PATIENCE_MS } from '../timing.js';
import { WireClient } from '../wire-client.js';
import { BluetoothRoom } from './bluetooth-room.js';
import { DeviceRoom } from './device-room.js';
import type { ToyPeripheral } from './toy-peripheral.js';
import type { ControllerOptions } from './virtual-controller.js';

/** Toys of the catalogue around a gateway's adapter, and a client. */
export class ToyRoom extends DeviceRoom implements AsyncDisposable {
  private constructor(
    readonly room: BluetoothRoom,
    readonly live: LiveGateway,
    readonly client: WireClient,
  ) {
    super();
  }

  static async create(
    toys: readonly ToyPeripheral[],
    section: object = {},
    controller: ControllerOptions = {},
    config: Readonly<Record<string, object>> = {},
  ): Promise<ToyRoom> {
    const peripherals = toys.map(({ peripheral }) => peripheral);
    const room = await BluetoothRoom.create(peripherals, controller);
    const live = await room.start(section, config);
    return new ToyRoom(room, live, await WireClient.connect(live.url));
  }

  /** Waits until a line of the log says this. */
  async says(text: string): Promise<void> {
    await expect.poll(() => this.live.log.join(''), { interval: 10, timeout: PATIENCE_MS }).toContain(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.webSocket.terminate();
    await this.live[Symbol.asyncDispose]();
    await this.room[Symbol.asyncDispose]();
  }
}

/** Waits until the motors of a toy are at these levels. */
export async function reaches({ toy }: ToyPeripheral, ...levels: readonly number[]): Promise<void> {
  const there = () => toy.outputs.map(({ level }) => level);
  await expect.poll(there, { interval: 2, timeout: PATIENCE_MS }).toEqual(levels);
}
