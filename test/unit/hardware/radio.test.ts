import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Radio } from '../../../plugins/hardware-bluetooth/radio.js';
import { FakeNoble } from '../../support/bluetooth/fake-noble.js';
import { FakeClock } from '../../support/fake-clock.js';

/** Longest that a scan may take to start, ms, and then some. */
const TOO_LONG_MS = 3_100;
const PAUSE_MS = 500;

function radioOf(noble: FakeNoble) {
  const clock = new FakeClock();
  const broken: string[] = [];
  const radio = new Radio({
    noble,
    binding: { lookAgain: async () => {} },
    clock,
    log: pino({ level: 'silent' }),
    onSeen: () => {},
    onBroken: (reason) => broken.push(reason),
  });
  return { radio, clock, broken };
}

describe('an adapter', () => {
  it('that does not start a scan in time is broken', async () => {
    const noble = new FakeNoble();
    noble.isStuck = true;
    const { radio, clock, broken } = radioOf(noble);
    using _scan = radio.wishForScan();
    await clock.advance(TOO_LONG_MS);
    expect(broken).toEqual(['starting a scan took longer than 3000 ms']);
  });

  it('that is given up breaks no more: another may be in use by then', async () => {
    const noble = new FakeNoble();
    noble.isStuck = true;
    const { radio, clock, broken } = radioOf(noble);
    using _scan = radio.wishForScan();
    await radio.close();
    await clock.advance(TOO_LONG_MS);
    expect(broken).toEqual([]);
  });

  it('that refuses a scan is asked again, and is broken only when it refuses three times in a row', async () => {
    const noble = new FakeNoble();
    noble.refusal = 'startScanning failed: Operation already in progress';
    const { radio, clock, broken } = radioOf(noble);
    using _scan = radio.wishForScan();
    await clock.advance(PAUSE_MS);
    expect(broken).toEqual([]);
    noble.refusal = undefined;
    await clock.advance(PAUSE_MS);
    expect(noble.isScanning).toBe(true);
    await radio.close();
    noble.refusal = 'startScanning failed: Operation already in progress';
    const other = radioOf(noble);
    using _other = other.radio.wishForScan();
    await other.clock.advance(3 * PAUSE_MS);
    expect(other.broken).toEqual([noble.refusal]);
  });
});
