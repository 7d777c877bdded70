import { readFileSync } from 'node:fs';
import { link, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { DeviceIdentity } from '../../../core/devices/identity.js';
import { KnownDevices } from '../../../core/devices/known-devices.js';
import { DataFolder } from '../../support/data-folder.js';
import { FakeClock } from '../../support/fake-clock.js';

const device = (address: string): DeviceIdentity => ({ protocol: 'p', identifier: 'i', address });

/** What a gateway knows after it started on this folder, and what it wrote into its log meanwhile. */
class Started implements AsyncDisposable {
  readonly log: string[] = [];
  readonly known: KnownDevices;

  constructor(folder: DataFolder) {
    const log = pino({}, { write: (line: string) => this.log.push(line) });
    this.known = new KnownDevices(folder.state, new FakeClock(), log);
  }

  index(address: string, preferred?: number, reserved: ReadonlySet<number> = new Set()): number {
    return this.known.reserve(device(address), `Device ${address}`, preferred, reserved);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.known.saved();
  }
}

async function start(folder: DataFolder): Promise<Started> {
  const started = new Started(folder);
  await started.known.load();
  return started;
}

const entry = (address: string, index: number) => ({ ...device(address), index });
const fileWith = (...devices: readonly object[]) => JSON.stringify({ devices });

describe('indexes of known devices', () => {
  it('are the smallest that no known device has, connected or not', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    expect([gateway.index('a'), gateway.index('b'), gateway.index('a'), gateway.index('c')]).toEqual([0, 1, 0, 2]);
  });

  it('stay the same across restarts, in whatever order the devices come back', async () => {
    await using folder = await DataFolder.create();
    await using first = await start(folder);
    for (const address of ['a', 'b', 'c']) first.index(address);
    await first.known.saved();
    await using second = await start(folder);
    expect([second.index('c'), second.index('d'), second.index('a'), second.index('b')]).toEqual([2, 3, 0, 1]);
  });

  it('are on disk the moment a new device may be driven, whatever happens to the gateway in the next', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    gateway.index('a');
    gateway.known.connected(device('a'));
    expect(parse(readFileSync(folder.state, 'utf8'))).toEqual({
      devices: [{ ...entry('a', 0), name: 'Device a', connected: true }],
    });
    await gateway.known.saved();
    await using next = await start(folder);
    expect(next.known.isKnown('a')).toBe(true);
    expect(next.known.left).toMatchObject([{ address: 'a' }]);
  });

  it('B39: are different for devices that are new at the same moment', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    const indexes = await Promise.all(['a', 'b', 'c', 'd'].map(async (address) => gateway.index(address)));
    expect(new Set(indexes).size).toBe(4);
  });

  it('that a person wants win, and whoever had one before gets another', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    expect(gateway.index('a')).toBe(0);
    expect(gateway.index('b', 0, new Set([0]))).toBe(0);
    expect(gateway.index('a', undefined, new Set([0]))).toBe(1);
  });

  it('that a person wants for one device are not given to newcomers before it shows up', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    expect(gateway.index('a', undefined, new Set([0, 2]))).toBe(1);
    expect(gateway.index('b', undefined, new Set([0, 2]))).toBe(3);
  });

  it('that a person has given to another device meanwhile are given up at once', async () => {
    await using folder = await DataFolder.create();
    await folder.write(folder.state, fileWith(entry('a', 0)));
    await using gateway = await start(folder);
    expect(gateway.index('a', undefined, new Set([0]))).toBe(1);
    expect(gateway.index('b', 0, new Set([0]))).toBe(0);
  });

  it('are stable and never shared, whoever asks when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 20 }), async (addresses) => {
        await using folder = await DataFolder.create();
        await using gateway = await start(folder);
        const given = new Map<string, number>();
        for (const address of addresses) {
          const got = gateway.index(address);
          expect(given.get(address) ?? got).toBe(got);
          given.set(address, got);
        }
        expect(new Set(given.values()).size).toBe(given.size);
        await gateway.known.saved();
      }),
      { numRuns: 20 },
    );
  });
});

describe('the file of known devices', () => {
  it('says what belongs to which index, for people too', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    gateway.index('b');
    gateway.index('a');
    await gateway.known.saved();
    const text = await folder.read(folder.state);
    expect(text).toMatch(/^# Written by Pulsegate/);
    expect(parse(text)).toEqual({
      devices: [
        { ...entry('b', 0), name: 'Device b' },
        { ...entry('a', 1), name: 'Device a' },
      ],
    });
  });

  it('B32: is replaced as a whole, so that a crash leaves either the old or the new one', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    gateway.index('a');
    await gateway.known.saved();
    const before = await folder.read(folder.state);
    // A second name for the old file: writing into it would show here.
    const old = join(folder.path, 'old-file');
    await link(folder.state, old);
    gateway.index('b');
    await gateway.known.saved();
    expect(await folder.read(old)).toBe(before);
    expect(await folder.read(folder.state)).toContain('address: b');
    expect((await folder.files()).sort()).toEqual(['known-devices.yml', 'old-file']);
  });

  it('is complete after many devices in quick succession', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    for (let count = 0; count < 40; count += 1) gateway.index(`device-${count}`);
    await gateway.known.saved();
    await using again = await start(folder);
    expect(again.log).toEqual([]);
    expect(again.index('device-39')).toBe(39);
  });

  it('is left alone when nothing new was learned', async () => {
    await using folder = await DataFolder.create();
    const edited = `# my own note\n${fileWith(entry('a', 4))}\n`;
    await folder.write(folder.state, edited);
    await using gateway = await start(folder);
    expect(gateway.index('a')).toBe(4);
    await gateway.known.saved();
    expect(await folder.read(folder.state)).toBe(edited);
  });

  it('may be edited by hand: the indexes in it count', async () => {
    await using folder = await DataFolder.create();
    await folder.write(folder.state, 'devices:\n  - { protocol: p, identifier: i, address: a, index: 7 }\n');
    await using gateway = await start(folder);
    expect([gateway.index('a'), gateway.index('b')]).toEqual([7, 0]);
    expect(gateway.log).toEqual([]);
  });

  it('may be told by hand that a device need not be looked for', async () => {
    await using folder = await DataFolder.create();
    const [off, on] = [
      { ...entry('a', 3), connected: false },
      { ...entry('b', 4), connected: true },
    ];
    await folder.write(folder.state, fileWith(off, on));
    await using gateway = await start(folder);
    expect(gateway.log).toEqual([]);
    expect(gateway.known.left).toMatchObject([{ address: 'b' }]);
    expect(gateway.index('a')).toBe(3);
    gateway.known.connected(device('a'));
    await gateway.known.saved();
    expect(parse(await folder.read(folder.state)).devices).toMatchObject([{ connected: true }, { connected: true }]);
  });

  it('with one index for two devices: the first keeps it, the second gets a new one, and the log says so', async () => {
    await using folder = await DataFolder.create();
    await folder.write(folder.state, fileWith(entry('a', 3), entry('b', 3)));
    await using gateway = await start(folder);
    expect([gateway.index('b'), gateway.index('a')]).toEqual([0, 3]);
    expect(gateway.log).toEqual([expect.stringMatching(/index 3 belongs to both p\/i\/a and p\/i\/b/)]);
  });

  it.each([
    { what: 'cut off in the middle', text: 'devices:\n  - { protocol: p, identifier: ' },
    { what: 'empty', text: '' },
    { what: 'something else', text: 'devices: none' },
    { what: 'an index below 0', text: fileWith({ ...entry('a', 0), index: -1 }) },
    { what: 'bytes', text: '\u0000\u0001\ufffd{[' },
  ])('that is damaged ($what) is kept aside and reported, and a new one begun', async ({ text }) => {
    await using folder = await DataFolder.create();
    await folder.write(folder.state, text);
    await using gateway = await start(folder);
    expect(gateway.index('a')).toBe(0);
    await gateway.known.saved();
    const aside = 'known-devices.yml.damaged-2026-01-01T00-00-00.000Z';
    expect((await folder.files()).sort()).toEqual(['known-devices.yml', aside]);
    expect(await folder.read(join(folder.path, aside))).toBe(text);
    expect(gateway.log).toEqual([expect.stringContaining(aside)]);
    await using again = await start(folder);
    expect(again.index('a')).toBe(0);
  });

  it('that cannot be read does not keep the gateway from starting, and the log says so', async () => {
    await using folder = await DataFolder.create();
    await mkdir(folder.state);
    await using gateway = await start(folder);
    expect(gateway.index('a')).toBe(0);
    await gateway.known.saved();
    expect((await stat(folder.state)).isDirectory()).toBe(true);
    expect(gateway.log).toEqual([
      expect.stringContaining('is not readable; indexes may change'),
      expect.stringContaining('could not be written; indexes may change'),
    ]);
  });

  it('that cannot be written is complained of once, however many devices come', async () => {
    await using folder = await DataFolder.create();
    await using gateway = await start(folder);
    await mkdir(folder.state);
    for (const address of ['a', 'b', 'c']) {
      gateway.index(address);
      gateway.known.connected(device(address));
      await gateway.known.saved();
    }
    expect(gateway.log.filter((line) => line.includes('could not be written'))).toHaveLength(1);
  });

  it('may lie in a folder that does not exist yet', async () => {
    await using folder = await DataFolder.create();
    const path = join(folder.path, 'not', 'there', 'yet.yml');
    const known = new KnownDevices(path, new FakeClock(), pino({ level: 'silent' }));
    await known.load();
    known.reserve(device('a'), 'A', undefined, new Set());
    await known.saved();
    expect(await folder.read(path)).toContain('address: a');
  });
});
