import fc from 'fast-check';
import { DeviceError, LinkError, type ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { isPositionType, OUTPUT_TYPES } from '../../../core/protocol/model.js';
import { firmwares } from '../../../plugins/hardware-simulated/firmware/index.js';
import { protocols } from '../../../plugins/protocols/index.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type Driver, type FakeLink, openProtocol, openSimulated } from '../../support/protocol-harness.js';

/** Longest that a device may keep the gateway waiting before it is given up: that of devices.connectTimeout. */
const PATIENCE_MS = 15_000;
const driven = protocols.filter(({ status }) => status !== 'recognised');
const table = driven.map((definition) => [definition.id, definition] as const);

/** A device of every model, as its simulated firmware is one. */
async function* toys(definition: ProtocolDefinition) {
  const firmware = await firmwares.get(definition.id)?.();
  if (!firmware) return;
  for (const model of definition.models) {
    const [identifier = 'unlisted'] = model.identifiers;
    // Some models are for devices whose names nobody knows; those are taken for another.
    const toy = await openSimulated(definition, firmware, identifier).catch(() => undefined);
    if (toy?.driver.model === model) yield { ...toy, model };
  }
}

/** Every output of a device with its range. */
const outputsOf = ({ model }: Driver) =>
  model.features.flatMap((feature) =>
    OUTPUT_TYPES.flatMap((type) => {
      const properties = feature.outputs[type];
      return properties ? [{ index: feature.index, type, ...properties }] : [];
    }),
  );

describe.each(table)('%s', (_id, definition) => {
  it('is driven to the ends of every range and back to nothing, in packets that the device has endpoints for', async () => {
    for await (const { driver, toy } of toys(definition)) {
      for (const { index, type, value, duration = [0, 0] } of outputsOf(driver)) {
        for (const level of new Set([value[1], value[0], 1, 0])) {
          const writes = driver.order(index, type, level, duration[1]);
          for (const { endpoint, data } of writes) {
            expect(driver.link.endpoints, `${driver.model.name} ${type}`).toContain(endpoint);
            expect(data.length).toBeGreaterThan(0);
          }
          // A spray ends by itself.
          if (level === 0 && !isPositionType(type) && type !== 'Spray')
            expect(writes, `${driver.model.name} ${type} 0`).not.toEqual([]);
        }
        driver.drive(index, type, value[1], duration[1]);
      }
      driver.stop();
      const running = outputsOf(driver).filter(
        ({ index, type }) => !isPositionType(type) && toy.level(index, type) !== 0,
      );
      expect(running, driver.model.name).toEqual([]);
      driver.close();
    }
  });

  it('tells no other reading when it is asked for a signal strength, which is the link to tell', async () => {
    for await (const { driver } of toys(definition)) {
      const input = { feature: { index: 0, description: '', outputs: {}, inputs: {} }, type: 'RSSI' } as const;
      const reading = driver.handler.read?.(input);
      if (reading) await expect(driver.clock.until(reading), driver.model.name).rejects.toThrow(DeviceError);
      driver.close();
    }
  });

  it('leaves no timer and no listener behind when the device has gone', async () => {
    for await (const { driver } of toys(definition)) {
      for (const { index, type, value, duration = [0, 0] } of outputsOf(driver)) {
        driver.drive(index, type, value[1], duration[1]);
      }
      for (const { index, inputs } of driver.model.features) {
        for (const [type, { commands }] of Object.entries(inputs)) {
          if (type !== 'Pressure' && type !== 'Button') continue;
          if (commands.includes('Subscribe')) await driver.handler.subscribe?.(driver.input(index, type), () => {});
        }
      }
      await driver.clock.advance(500);
      driver.close();
      await driver.clock.advance(0);
      expect(driver.clock.waiting, `${driver.model.name}: timers`).toBe(0);
      expect(driver.link.listening, `${driver.model.name}: listeners`).toBe(0);
    }
  });

  it.each([
    ['answers nothing', () => undefined],
    [
      'answers too much',
      (link: FakeLink) => {
        for (let count = 0; count < 200; count += 1)
          for (const endpoint of link.endpoints) link.notify(endpoint, Uint8Array.of(count, 1, 2, 3));
      },
    ],
  ])('gives up a device that %s in time, or can do without', async (_what, react) => {
    await attempt(definition, react);
  });

  it('is not upset by any answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 24 }), (bytes) =>
        attempt(
          definition,
          (link) => {
            for (const endpoint of link.endpoints) link.notify(endpoint, bytes);
          },
          bytes,
        ),
      ),
      { numRuns: 10 },
    );
  });
});

/** Opens a device that reacts like this to every packet; whatever comes of it, it is in time and nothing is left. */
async function attempt(
  definition: ProtocolDefinition,
  react: (link: FakeLink) => void,
  readable?: Uint8Array,
): Promise<void> {
  const clock = new FakeClock();
  let link: FakeLink | undefined;
  const [specifier] = definition.links;
  const name = specifier?.kind === 'bluetooth' ? (specifier.names[0] ?? '').replace('*', '1') : 'default';
  const company = specifier?.kind === 'bluetooth' ? specifier.manufacturerData?.[0]?.company : undefined;
  const opened = openProtocol(definition, {
    name,
    clock,
    ...(company !== undefined && { advertisement: { manufacturerData: new Map([[company, Uint8Array.of(1, 2, 3)]]) } }),
    answer: (_endpoint, _data, from) => react(from),
    attach: (fresh) => {
      link = fresh;
      queueMicrotask(() => {
        fresh.onRead = () => readable;
      });
    },
  });
  const driver = await opened.catch((error: unknown) => {
    if (!(error instanceof DeviceError || error instanceof LinkError)) throw error;
    return undefined;
  });
  expect(clock.now()).toBeLessThanOrEqual(definition.connectTimeoutMs ?? PATIENCE_MS);
  driver?.close();
  link?.lose();
  await clock.advance(0);
  expect(clock.waiting, 'timers').toBe(0);
  expect(link?.listening, 'listeners').toBe(0);
}
