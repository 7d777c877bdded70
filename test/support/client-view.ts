import { expect } from 'vitest';
import { PATIENCE_MS } from './timing.js';
import { WireClient } from './wire-client.js';

/** What a client of spec version 4 sees of the devices. */

/** Index to name. */
export async function devicesSeenBy(client: WireClient): Promise<Readonly<Record<string, string>>> {
  const reply = await client.ask({ RequestDeviceList: {} });
  const devices = (reply.DeviceList?.Devices ?? {}) as Readonly<Record<string, { readonly DeviceName: string }>>;
  return Object.fromEntries(Object.entries(devices).map(([index, { DeviceName }]) => [index, DeviceName]));
}

/** Waits until exactly these are there, under whatever index. */
export async function sees(client: WireClient, ...names: readonly string[]): Promise<void> {
  const there = async () => Object.values(await devicesSeenBy(client)).toSorted();
  await expect.poll(there, { interval: 20, timeout: PATIENCE_MS }).toEqual(names.toSorted());
}

/** Waits until exactly these are there, with these indexes. */
export async function seesAt(client: WireClient, byIndex: Readonly<Record<string, string>>): Promise<void> {
  await expect.poll(() => devicesSeenBy(client), { interval: 20, timeout: PATIENCE_MS }).toEqual(byIndex);
}

export async function scan(client: WireClient): Promise<void> {
  expect(await client.ask({ StartScanning: {} })).toHaveProperty('Ok');
}

/** A client that scans. */
export async function scanningClient({ url }: { readonly url: string }): Promise<WireClient> {
  const client = await WireClient.connect(url);
  await scan(client);
  return client;
}
