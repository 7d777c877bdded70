import { expect } from 'vitest';
import { PATIENCE_MS } from '../timing.js';
import type { WireClient } from '../wire-client.js';

/** What a client sees of a room with devices in it. */
export abstract class DeviceRoom {
  abstract readonly client: WireClient;

  /** Index to name. */
  async devices(): Promise<Readonly<Record<string, string>>> {
    const reply = await this.client.ask({ RequestDeviceList: {} });
    const devices = (reply.DeviceList?.Devices ?? {}) as Readonly<Record<string, { readonly DeviceName: string }>>;
    return Object.fromEntries(Object.entries(devices).map(([index, { DeviceName }]) => [index, DeviceName]));
  }

  async scan(): Promise<void> {
    expect(await this.client.ask({ StartScanning: {} })).toHaveProperty('Ok');
  }

  /** Waits until exactly these are there. */
  async has(...names: readonly string[]): Promise<void> {
    const wanted = names.toSorted();
    const there = async () => Object.values(await this.devices()).toSorted();
    await expect.poll(there, { interval: 20, timeout: PATIENCE_MS }).toEqual(wanted);
  }
}
