import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { HardwareLink } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { uuid } from '../../../core/catalogue/build.js';
import { AdapterRig } from '../../support/bluetooth/adapter-rig.js';
import { describeDbus } from '../../support/bluetooth/private-bus.js';
import { VirtualPeripheral } from '../../support/bluetooth/virtual-peripheral.js';
import { census, livingEmitters } from '../../support/census.js';
import { describeSocat } from '../../support/pty.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Devices come and go, and leave nothing behind. More often than here: PULSEGATE_RECONNECTIONS=300. */
const ROUNDS = Number(process.env.PULSEGATE_RECONNECTIONS ?? 3);
const DEVICES = 20;
const REOPENED = 8;
/** Most that may be remembered of those who come by, and those of them who are there just now. */
const MOST_REMEMBERED = 1_000;
const AT_A_TIME = 100;
/** Of one device that is not connected; emitters of events. */
const EMITTERS_EACH = 4;
/** Longer than anything takes that is under way when all is done, ms. */
const SETTLING_MS = 100;

const TX = uuid('fff1');
const RX = uuid('fff2');

function device(at: number): VirtualPeripheral {
  const address = `c0:ff:${[24, 16, 8, 0].map((bits) => ((at >> bits) & 0xff).toString(16).padStart(2, '0')).join(':')}`;
  const tx = { uuid: TX, properties: ['write' as const, 'writeWithoutResponse' as const], write: () => {} };
  const rx = { uuid: RX, properties: ['read' as const, 'notify' as const], read: () => Uint8Array.of(1) };
  const manufacturerData = new Map([[at & 0xffff, Uint8Array.of(at & 0xff)]]);
  return new VirtualPeripheral({
    address,
    advertised: { name: `device ${at}`, manufacturerData },
    services: [{ uuid: uuid('fff0'), characteristics: [tx, rx] }],
  });
}

const crowd = (count: number, from = 0) => Array.from({ length: count }, (_, at) => device(from + at));

async function use(link: HardwareLink): Promise<void> {
  await link.subscribe(RX);
  await link.write(TX, Uint8Array.of(1), { withResponse: true });
  await link.read(RX);
  await link.rssi?.();
}

const isGone = (link: HardwareLink) => new Promise<void>((resolve) => link.on('disconnected', () => resolve()));

/** Every device is connected, used, and drops out. */
async function round(rig: AdapterRig, peripherals: readonly VirtualPeripheral[]): Promise<void> {
  const links: [VirtualPeripheral, HardwareLink][] = [];
  for (const peripheral of peripherals) {
    const link = await rig.connect(peripheral);
    await use(link);
    links.push([peripheral, link]);
  }
  for (const [peripheral, link] of links) await rig.drop(peripheral, link);
}

/** What there is when nobody scans and all have been seen. */
async function atRest(rig: AdapterRig, peripherals: readonly VirtualPeripheral[]) {
  for (const peripheral of peripherals) await rig.advertisement(peripheral);
  await rig.manager.stopScanning();
  return { counts: await settledCensus(rig), emitters: livingEmitters(), rules: await rig.matchRules() };
}

/** Once nothing changes any more: the last answers of an adapter come when nobody waits for them. What looks must not be counted. */
async function settledCensus(rig: AdapterRig) {
  const { noble } = rig.adapter;
  const count = () => census({ noble, manager: rig.manager });
  const until = performance.now() + PATIENCE_MS;
  for (let before = count(), now = before; ; before = now) {
    await pause(SETTLING_MS);
    now = count();
    if (isDeepStrictEqual(now, before) || performance.now() > until) return now;
  }
}

describe.each([
  ['through BlueZ', describeDbus, AdapterRig.bluez, 3_000],
  ['over a serial line', describeSocat, AdapterRig.hci, 10_000],
] as const)('devices reached %s', (_name, describeHere, create, passers) => {
  describeHere('leave nothing behind', () => {
    it(
      'however often they drop out and come back',
      async () => {
        const peripherals = crowd(DEVICES);
        await using rig = await create(peripherals);
        for (let times = 0; times < 2; times++) await round(rig, peripherals);
        const before = await atRest(rig, peripherals);
        for (let times = 0; times < ROUNDS; times++) await round(rig, peripherals);
        const after = await atRest(rig, peripherals);
        expect(after.counts).toEqual(before.counts);
        expect(after.rules).toBe(before.rules);
        expect(after.emitters - before.emitters).toBeLessThan(DEVICES);
        expect(rig.lost).toEqual([]);
      },
      30_000 + ROUNDS * 10_000,
    );

    it('nor does an adapter that is lost and found again', async () => {
      const peripherals = crowd(2);
      await using rig = await create(peripherals);
      const lose = async (times: number) => {
        for (let time = 0; time < times; time++) {
          const gone = (await Promise.all(peripherals.map((one) => rig.connect(one)))).map((link) => isGone(link));
          await rig.reopen();
          await Promise.all(gone);
        }
        const listeners = process.eventNames().map((event) => [event, process.listenerCount(event)]);
        return { ...(await atRest(rig, peripherals)), listeners };
      };
      const before = await lose(2);
      const after = await lose(REOPENED);
      expect(after.counts).toEqual(before.counts);
      expect(after.listeners).toEqual(before.listeners);
      expect(after.rules).toBe(before.rules);
      // The library for serial ports keeps one small thing of every port that was open.
      expect(after.emitters - before.emitters).toBeLessThanOrEqual(REOPENED);
    }, 60_000);

    it('however many come by under ever new addresses, while one is connected', async () => {
      const own = device(0);
      await using rig = await create([own]);
      const link = await rig.connect(own);
      const before = livingEmitters();
      for (let from = 1; from < passers; from += AT_A_TIME) {
        const passing = crowd(AT_A_TIME, from);
        rig.peripherals.push(...passing);
        await rig.manager.startScanning();
        await expect
          .poll(() => passing.every((one) => rig.hasSeen(one)), { interval: 5, timeout: PATIENCE_MS })
          .toBe(true);
        rig.peripherals.length = 1;
        rig.pass(passing);
      }
      await rig.manager.stopScanning();
      const counts = census({ noble: rig.adapter.noble });
      const grown = Object.entries(counts).filter(
        ([path, count]) => /s$|_connectable$|scannable$/.test(path) && count > MOST_REMEMBERED + AT_A_TIME,
      );
      expect(grown).toEqual([]);
      expect(livingEmitters() - before).toBeLessThan(EMITTERS_EACH * (MOST_REMEMBERED + AT_A_TIME));
      await use(link);
      await rig.drop(own, link);
      await use(await rig.connect(own));
      expect(rig.lost).toEqual([]);
    }, 120_000);
  });
});
