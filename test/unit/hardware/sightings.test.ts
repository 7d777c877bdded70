import { EventEmitter } from 'node:events';
import type { NoblePeripheral } from '@abandonware/noble';
import { describe, expect, it } from 'vitest';
import { advertisementOf } from '../../../plugins/hardware-bluetooth/advertisement.js';
import { Sightings } from '../../../plugins/hardware-bluetooth/sightings.js';
import { FakeClock } from '../../support/fake-clock.js';

const ADDRESS = 'c0:ff:ee:00:00:01';
const LIMIT_MS = 5_000;

class Seen extends EventEmitter implements NoblePeripheral {
  readonly id = ADDRESS.replaceAll(':', '');
  readonly address = ADDRESS;
  readonly advertisement = {};
  readonly rssi = -60;
  readonly state = 'disconnected';
  readonly mtu = null;
  async connectAsync(): Promise<void> {}
  cancelConnect(): void {}
  async disconnectAsync(): Promise<void> {}
  async discoverServicesAsync() {
    return [];
  }
  async updateRssiAsync() {
    return this.rssi;
  }
}

describe('a device that is waited for', () => {
  it('is waited for by one who does not give up, whoever else does', async () => {
    const sightings = new Sightings(new FakeClock(), () => {});
    const impatience = new AbortController();
    const first = sightings.next(ADDRESS, LIMIT_MS, impatience.signal).then(() => 'seen', String);
    const second = sightings.next(ADDRESS, LIMIT_MS, new AbortController().signal).then(() => 'seen', String);
    impatience.abort(new Error('enough'));
    expect(await first).toBe('Error: enough');
    const peripheral = new Seen();
    sightings.note(peripheral, advertisementOf(peripheral), true);
    expect(await second).toBe('seen');
  });

  it('is not waited for by one who has given up before', async () => {
    const sightings = new Sightings(new FakeClock(), () => {});
    await expect(sightings.next(ADDRESS, LIMIT_MS, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
