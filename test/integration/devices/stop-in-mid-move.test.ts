import type { ModelDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { type Booted, boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level, move } from '../../support/messages.js';

/** Longer than any initialisation, and than any stroke from end to end at a middling speed, ms. */
const STARTED_MS = 10_000;
/** A stopped stroker has to be still after this time, and is looked at so often meanwhile, ms. */
const STILL_MS = 1000;
const LOOK_MS = 50;
const DURATIONS_MS = [600, 3000, 5000, 20_000, 100_000];
/** How long a move goes on before the link breaks, ms. */
const LONG_MS = 2000;
const MODERATE_MS = 3000;
/** Of the time it was given; some take longer than that. */
const SHARES = [0.1, 0.5, 0.9, 1.1];
/** Positions are shown as whole steps. */
const ROUNDING = 1;

const strokers = protocols
  .filter(({ status }) => status !== 'recognised')
  .flatMap(({ id, models }) => models.flatMap((model) => strokerOf(id, model)));

function strokerOf(protocol: string, model: ModelDefinition) {
  const feature = model.features.find(({ outputs }) => outputs.HwPositionWithDuration);
  const properties = feature?.outputs.HwPositionWithDuration;
  if (!feature || !properties || model.name === 'Kiiroo v2 Device') return [];
  const [top, longestMs] = [properties.value[1], properties.duration?.[1] ?? 0];
  return [{ protocol, name: model.name, feature: feature.index, top, longestMs }];
}
/** How long a stopped stroker goes on, ms: one is led by waypoints so far ahead, the other cannot be told to halt. */
const RUNS_ON_MS: Readonly<Record<string, number>> = { lovense: 100, 'kiiroo-v1': 300 };
/** Those that are sent home when they are connected, and how fast. */
const HOMING_STEPS_PER_S: Readonly<Record<string, number>> = {
  fredorch: 15 / 2.668,
  'kiiroo-v21-initialized': 1400,
  loob: 2000,
};

type Stroker = (typeof strokers)[number];

/** A simulated stroker under a client's hands, looked at from outside. */
class Bench {
  constructor(
    readonly gateway: Booted,
    /** What the simulation calls it. */
    readonly id: string,
    private readonly client: Awaited<ReturnType<Booted['connect']>>,
    private readonly stroker: Stroker,
  ) {}

  async go(to: number, durationMs: number): Promise<void> {
    expect(await this.client.ask(move(0, this.stroker.feature, to, durationMs))).toHaveProperty('Ok');
    await this.gateway.clock.advance(0);
  }

  async put(position: number): Promise<void> {
    expect(await this.client.ask(level(0, this.stroker.feature, 'Position', position))).toHaveProperty('Ok');
    await this.gateway.clock.advance(0);
  }

  async stop(): Promise<void> {
    expect(await this.client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await this.gateway.clock.advance(0);
  }

  leave(): void {
    this.client.cut();
  }

  async place(): Promise<number> {
    const toy = await this.gateway.toy(this.id);
    const output = toy.outputs.find(
      ({ feature, type }) => feature === this.stroker.feature && type === 'HwPositionWithDuration',
    );
    if (!output) throw new Error('There is no stroker');
    return output.level;
  }

  /** Where it is at even intervals, beginning now. */
  async watch(looks: number, everyMs: number): Promise<number[]> {
    const places = [await this.place()];
    for (let look = 0; look < looks; look += 1) {
      await this.gateway.clock.advance(everyMs);
      places.push(await this.place());
    }
    return places;
  }
}

async function bench(stroker: Stroker, config: DataFolder['config'] | object = {}): Promise<Bench> {
  const { name, protocol } = stroker;
  const gateway = await boot({ devices: [{ model: name, protocol }], config: { ...config } });
  await gateway.clock.advance(STARTED_MS);
  const list = await fetch(`http://127.0.0.1:${gateway.gateway.port}/api/simulated`);
  const [toy] = (await list.json()) as readonly { readonly id: string }[];
  if (!toy) throw new Error('There is no stroker');
  return new Bench(gateway, toy.id, await gateway.connect(), stroker);
}

const widest = (places: readonly number[]) =>
  Math.max(0, ...places.slice(1).map((place, index) => Math.abs(place - (places[index] ?? place))));

describe.each(strokers)('$name ($protocol)', (stroker) => {
  const { top, longestMs } = stroker;
  /** A few steps: what the estimates of a slow device may be off. */
  const near = Math.max(2, top * 0.03);

  it.each(DURATIONS_MS.map((durationMs) => Math.min(durationMs, longestMs)))(
    'stopped in a move of %i ms stays where it is, up and down, at no time faster than it was',
    async (durationMs) => {
      const on = await bench(stroker);
      await using _gateway = on.gateway;
      for (const share of SHARES) {
        await on.go(0, 500);
        await on.gateway.clock.advance(STARTED_MS);
        for (const goal of [top, 0]) {
          await on.go(goal, durationMs);
          const before = await on.watch(1, share * durationMs);
          await on.stop();
          const after = await on.watch(STILL_MS / LOOK_MS, LOOK_MS);
          const about = `to ${goal}, stopped after ${share}: ${before} | ${after}`;
          const [stoppedAt = 0] = after;
          const speed = (Math.abs(stoppedAt - (before[0] ?? 0)) + ROUNDING) / (share * durationMs);
          const runsOn = speed * (RUNS_ON_MS[stroker.protocol] ?? 0);
          const furthest = Math.max(...after.map((place) => Math.abs(place - stoppedAt)));
          expect(furthest, about).toBeLessThanOrEqual(near + runsOn);
          expect(widest(after), about).toBeLessThanOrEqual(Math.ceil(speed * LOOK_MS) + ROUNDING);
          const later = await on.watch(3, STILL_MS);
          expect(new Set([after.at(-1), ...later]).size, `${about} | ${later}`).toBe(1);
        }
      }
    },
  );

  it.each([
    ['after a second', 60_000, 1],
    ['later than it may have got there', 100_000, 40],
  ])(
    'that drops out in a long move and comes back %s is not driven faster than it was, and comes to rest',
    async (_when, moveMs, awayS) => {
      const on = await bench(stroker);
      await using gateway = on.gateway;
      await on.go(top, Math.min(moveMs, longestMs));
      const before = await on.watch(1, LONG_MS);
      await gateway.post(`/api/simulated/${on.id}/disconnect`, { awayFor: awayS });
      on.leave();
      const after = await on.watch(((awayS + 5) * 1000) / LOOK_MS, LOOK_MS);
      // Some are sent home when connected, at a speed of their own and whatever they were doing.
      const prepared = HOMING_STEPS_PER_S[stroker.protocol] ?? 0;
      const speed = (Math.abs((before.at(-1) ?? 0) - (before[0] ?? 0)) + ROUNDING) / LONG_MS;
      const fastest = Math.max(speed, prepared / 1000);
      expect(widest(after), `${before} | ${after}`).toBeLessThanOrEqual(Math.ceil(fastest * LOOK_MS) + ROUNDING);
      await gateway.clock.advance(STARTED_MS);
      const rest = await on.watch(4, STILL_MS);
      expect(new Set(rest).size, `${after} | ${rest}`).toBe(1);
      if (prepared > 0) expect(rest[0]).toBeLessThanOrEqual(1);
    },
  );

  it('that drops out and comes back goes on from where it is', async () => {
    const on = await bench(stroker);
    await using gateway = on.gateway;
    await on.go(top, 10_000);
    await gateway.clock.advance(5000);
    await on.stop();
    await gateway.post(`/api/simulated/${on.id}/disconnect`, { awayFor: 1 });
    await gateway.clock.advance(STARTED_MS);
    for (const goal of [top, 0]) {
      await on.go(goal, MODERATE_MS);
      const places = await on.watch((2 * MODERATE_MS) / LOOK_MS, LOOK_MS);
      // The codes of some tell speeds only roughly.
      const fastest = (2 * top) / MODERATE_MS;
      expect(widest(places), `${places}`).toBeLessThanOrEqual(Math.ceil(fastest * LOOK_MS) + ROUNDING);
    }
  });
});

describe('An axis that can be put to a place at once', () => {
  const axis = {
    protocol: 'tcode-v03',
    name: 'TCode v0.3 (Single Linear Axis)',
    feature: 0,
    top: 1000,
    longestMs: 100_000,
  };

  it('is left there when it is stopped, whatever move that ended', async () => {
    const on = await bench(axis);
    await using gateway = on.gateway;
    await on.go(1000, 10_000);
    await gateway.clock.advance(1000);
    await on.put(300);
    await on.stop();
    expect(new Set(await on.watch(10, STILL_MS))).toEqual(new Set([300]));
    await on.go(1000, 7000);
    await gateway.clock.advance(3500);
    await on.stop();
    expect(new Set(await on.watch(10, STILL_MS))).toEqual(new Set([650]));
  });
});

describe('A stroker with limits', () => {
  it('is stopped within them, though nobody knows where it was when it set out', async () => {
    const range = [30, 70];
    await using data = await DataFolder.withSettings({
      address: 'simulated:kiiroo-keon-1',
      features: { 0: { HwPositionWithDuration: { range } } },
    });
    const stroker = { protocol: 'kiiroo-v3', name: 'Kiiroo Keon', feature: 0, top: 40, longestMs: 100_000 };
    const on = await bench(stroker, data.config);
    await using gateway = on.gateway;
    await on.go(40, 3000);
    await gateway.clock.advance(300);
    await on.stop();
    await gateway.clock.advance(STILL_MS);
    const { packets } = await gateway.toy(on.id);
    const goals = packets.map(({ hex }) => Number.parseInt(hex.slice(-2), 16));
    expect(goals).toEqual([70, 30]);
  });
});
