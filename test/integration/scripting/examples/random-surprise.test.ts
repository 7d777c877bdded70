import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsNow } from '../../../support/scripting/levels.js';

const NAME = 'random-surprise';
const TESTBED = { model: 'Pulsegate Testbed', messageGap: 0 };
const VIBRATOR = ['pulsegate-testbed-1', 'Vibrate'] as const;
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** Hours pass faster without pings. */
const section = { maxPingTime: 60_000 };
const asItIs = await exampleScripts(NAME);
/** As somebody might set it who cannot wait: every few minutes, also at night. */
const impatient = {
  [`${NAME}.ts`]: changed(asItIs[`${NAME}.ts`] ?? '', [
    ['least: 40, most: 180', 'least: 2, most: 4'],
    ['from: 22, until: 8', 'from: 0, until: 0'],
  ]),
};

function changed(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`The script does not say ${from} any more`);
    return before.replace(from, to);
  }, text);
}

interface Surprise {
  readonly at: Date;
  /** What the vibrator was told, with the time since the first level, ms. */
  readonly levels: readonly { readonly ms: number; readonly level: number }[];
}

/** Lets time pass, and gives back the surprises that began in it. */
async function surprisesIn(gateway: ScriptedGateway, forMs: number): Promise<Surprise[]> {
  const found: Surprise[] = [];
  const said = () => gateway.console(NAME).filter((line) => line.includes('A surprise for')).length;
  for (let ms = 0; ms < forMs; ms += MINUTE_MS) {
    const [before, count] = [gateway.clock.date(), said()];
    await gateway.advance(MINUTE_MS);
    if (said() === count) continue;
    // One that began at the end of the minute is not over yet.
    await gateway.advance(11 * SECOND_MS);
    const { packets } = await gateway.booted.toy(VIBRATOR[0]);
    const levels = packets
      .filter(({ time, hex }) => new Date(time) > before && hex.startsWith('0100'))
      .map(({ time, hex }) => ({ time: new Date(time), level: Buffer.from(hex, 'hex').readInt16BE(2) }));
    const at = levels[0]?.time ?? new Date(Number.NaN);
    found.push({ at, levels: levels.map(({ time, level }) => ({ ms: time.getTime() - at.getTime(), level })) });
  }
  return found;
}

describe('the example random-surprise', () => {
  it('keeps quiet at night, and leaves more than half an hour between two surprises', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts: asItIs, section });
    // Nights take ten hours: in any time zone six of these are by day, three in a row, and no pause takes longer.
    const found = await surprisesIn(gateway, 16 * 60 * MINUTE_MS);
    expect(found.length).toBeGreaterThan(0);
    for (const [place, { at }] of found.entries()) {
      expect(at.getHours()).toBeGreaterThanOrEqual(8);
      expect(at.getHours()).toBeLessThan(22);
      const previous = found[place - 1]?.at.getTime() ?? Number.NEGATIVE_INFINITY;
      expect(at.getTime() - previous).toBeGreaterThan(30 * MINUTE_MS);
    }
  }, 60_000);

  it('surprises gently, for a few seconds, and ends with nothing', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts: impatient, section });
    const found = await surprisesIn(gateway, 18 * MINUTE_MS);
    expect(found).toHaveLength(4);
    for (const { levels } of found) {
      const strongest = Math.max(...levels.map(({ level }) => level));
      expect(strongest).toBeGreaterThan(0);
      // 0.4 of 20 steps.
      expect(strongest).toBeLessThanOrEqual(8);
      // It swells: the first level is a soft one.
      expect(levels[0]?.level).toBeLessThanOrEqual(2);
      expect(levels.at(-1)?.level).toBe(0);
      expect(levels.at(-1)?.ms).toBeLessThanOrEqual(10_100);
    }
    expect(await levelsNow(gateway, [VIBRATOR])).toEqual([0]);
  });

  it('does not surprise more often than it may in a day, even after a restart', async () => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts: impatient, section });
    expect((await surprisesIn(gateway, 3 * MINUTE_MS)).length).toBeLessThan(4);
    gateway.booted.gateway.scripts.act(NAME, 'restart');
    await gateway.until(() => gateway.status(NAME).starts === 2 && gateway.status(NAME).state === 'running');
    await gateway.advance(20 * MINUTE_MS);
    const said = gateway.console(NAME).filter((line) => line.includes('A surprise for'));
    expect(said.map((line) => / (\d) of at most 4 today$/.exec(line)?.[1])).toEqual(['1', '2', '3', '4']);
    gateway.booted.gateway.scripts.act(NAME, 'restart');
    await gateway.until(() => gateway.status(NAME).starts === 3 && gateway.status(NAME).state === 'running');
    expect(await surprisesIn(gateway, 15 * MINUTE_MS)).toEqual([]);
  });

  it('begins anew on another day', async () => {
    const yesterday = `await storage.set('day', { date: 'Wed Dec 31 1969', surprises: 4 });`;
    await using gateway = await bootScripts({ devices: [TESTBED], scripts: { [`${NAME}.ts`]: yesterday }, section });
    await gateway.until(() => gateway.status(NAME).state === 'finished');
    await gateway.write(`${NAME}.ts`, impatient[`${NAME}.ts`] ?? '');
    await gateway.until(() => gateway.status(NAME).state === 'running');
    expect((await surprisesIn(gateway, 5 * MINUTE_MS)).length).toBeGreaterThan(0);
  });

  it('waits without a device, and lets one go that drops out in the middle', async () => {
    await using gateway = await bootScripts({
      devices: [{ ...TESTBED, present: 'on-scan' }],
      scripts: impatient,
      section,
    });
    await gateway.advance(20 * MINUTE_MS);
    expect(gateway.console(NAME)).toEqual([]);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    const isOn = async () => ((await levelsNow(gateway, [VIBRATOR]))[0] ?? 0) > 0;
    for (let second = 0; gateway.console(NAME).length === 0; second++) {
      expect(second).toBeLessThan(300);
      await gateway.advance(SECOND_MS);
    }
    // As often as the script itself: a look once a second never finds a pulse that is off at just these moments.
    for (let look = 0; !(await isOn()); look++) {
      expect(look).toBeLessThan(100);
      await gateway.advance(100);
    }
    await gateway.booted.post('/api/simulated/pulsegate-testbed-1/disconnect', { awayFor: 1 });
    await gateway.advance(1100);
    expect(gateway.console(NAME).at(-1)).toBe('info: Pulsegate Testbed has gone; so much for the surprise');
    expect(await isOn()).toBe(false);
    await gateway.advance(12 * SECOND_MS);
    expect(await isOn()).toBe(false);
    expect((await surprisesIn(gateway, 5 * MINUTE_MS)).length).toBeGreaterThan(0);
  });
});
