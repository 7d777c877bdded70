import fc from 'fast-check';
import type { DeviceGrant, FeatureDefinition } from 'pulsegate/plugin';
import { expect, it } from 'vitest';
import { INPUT_TYPES, isPositionType, OUTPUT_TYPES } from '../../../core/protocol/model.js';
import { arbitraryDevice } from '../../support/arbitrary-devices.js';
import { boot, type Message, type TestLine } from '../../support/boot.js';
import { input, level, move } from '../../support/messages.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { ok } from '../protocol/support.js';
import { connectGranted, listed } from './support.js';

/** Whatever the devices and the grants: a client may use what it sees, and sees nothing that others do not. */

const NAMES = ['Alba', 'Alma', 'Bora'];
type Devices = readonly (readonly FeatureDefinition[])[];

const arbitraryDevices = fc
  .array(arbitraryDevice, { minLength: 1, maxLength: NAMES.length })
  .map((list): Devices => list.map(({ features }) => features));

function arbitraryGrant(devices: Devices): fc.Arbitrary<DeviceGrant> {
  const entry = fc.constantFrom<(number | string)[]>(
    ...[...OUTPUT_TYPES, ...INPUT_TYPES].flatMap((type) => [type, type.toUpperCase()]),
    ...devices.flat().flatMap(({ index, description }) => [index, description.toUpperCase()]),
    99,
    '',
  );
  const name = fc.constantFrom(...NAMES, '*', 'AL*', '*A', 'Al.a', 'Nobody');
  const index = fc.integer({ min: 0, max: NAMES.length });
  return fc.record({ name, index, features: fc.array(entry, { maxLength: 4 }) }, { requiredKeys: [] });
}

const situation = arbitraryDevices.chain((devices) =>
  fc.record({ devices: fc.constant(devices), grants: fc.array(arbitraryGrant(devices), { maxLength: 3 }) }),
);

async function bootDevices(devices: Devices) {
  const models = devices.map((features, place) => [NAMES[place] ?? '', features] as const);
  const recording = new RecordingProtocol(Object.fromEntries(models));
  for (const type of INPUT_TYPES) recording.readings.set(type, 0);
  const gateway = await boot({
    plugins: [recording.plugin],
    devices: models.map(([model]) => ({ model })),
    config: { sessions: { maxErrorsPerSecond: 1_000_000 } },
  });
  return { gateway, recording };
}

/** One output or input that a client could ask for, existing or not, and how. */
interface Use {
  /** `0/4/Output/Vibrate`. */
  readonly place: string;
  readonly message: Message;
}

const usesOf = (devices: Devices): readonly Use[] =>
  devices.flatMap((features, device) =>
    features.flatMap(({ index, outputs, inputs }) => [
      ...OUTPUT_TYPES.map((type) => {
        const top = outputs[type]?.value[1] ?? 0;
        const order = type === 'HwPositionWithDuration' ? move(device, index, top, 1) : level(device, index, type, top);
        return { place: `${device}/${index}/Output/${type}`, message: order };
      }),
      ...INPUT_TYPES.map((type) => {
        const message = input(device, index, type, inputs[type]?.commands[0] ?? 'Read');
        return { place: `${device}/${index}/Input/${type}`, message };
      }),
    ]),
  );

/** What a client of version 4 sees, flat: places, and what is announced there. */
async function seenBy(client: TestLine): Promise<ReadonlyMap<string, unknown>> {
  const sides: readonly string[] = ['Output', 'Input'];
  return new Map(
    (await listed(client)).flatMap(({ DeviceIndex, DeviceFeatures }) =>
      Object.values(DeviceFeatures ?? {}).flatMap((feature: Message[string]) =>
        sides.flatMap((side) =>
          Object.entries(feature[side] ?? {}).map(([type, announced]): [string, unknown] => [
            `${DeviceIndex}/${feature.FeatureIndex}/${side}/${type}`,
            announced,
          ]),
        ),
      ),
    ),
  );
}

const settings = { numRuns: 100 };

it('v4: what is announced is a part of what others see, and is all that can be used', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ devices, grants }) => {
      const { gateway, recording } = await bootDevices(devices);
      await using _ = gateway;
      const client = await connectGranted(gateway, 4, ...grants);
      const all = await seenBy(await gateway.connect(4));
      const seen = await seenBy(client);
      for (const [place, announced] of seen) expect(announced, place).toStrictEqual(all.get(place));
      for (const { place, message } of usesOf(devices)) {
        recording.take();
        const reply = await client.ask(message);
        if (seen.has(place)) expect(reply, place).not.toHaveProperty('Error');
        else {
          expect(reply, place).toMatchObject({ Error: { ErrorCode: 4 } });
          expect(recording.take()).toEqual([]);
        }
      }
    }),
    settings,
  );
});

it('v4: a stop of everything reaches exactly the outputs that are announced', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ devices, grants }) => {
      const { gateway, recording } = await bootDevices(devices);
      await using _ = gateway;
      const driver = await gateway.connect(4);
      const client = await connectGranted(gateway, 4, ...grants);
      for (const { message } of usesOf(devices)) await driver.ask(message);
      recording.take();
      const stopped = [...(await seenBy(client)).keys()].flatMap((place) => {
        const [device, feature, side, type] = place.split('/');
        const output = OUTPUT_TYPES.find((known) => side === 'Output' && known === type);
        const has = devices[Number(device)]?.find(({ index }) => index === Number(feature))?.outputs;
        const isOn = output && !isPositionType(output) && (has?.[output]?.value[1] ?? 0) > 0;
        return isOn ? [`${feature} ${type} 0`] : [];
      });
      // Every move has come to its end.
      await gateway.clock.advance(20_000);
      expect(await client.ask({ StopCmd: { Id: 5 } })).toEqual(ok(5));
      expect(recording.take().sort()).toEqual(stopped.sort());
    }),
    settings,
  );
});

it('v3: entry k drives the granted feature that entry k describes, and there is none behind the last', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ devices, grants }) => {
      const { gateway, recording } = await bootDevices(devices);
      await using _ = gateway;
      const client = await connectGranted(gateway, 3, ...grants);
      const seen = await seenBy(await connectGranted(gateway, 4, ...grants));
      for (const { DeviceIndex, DeviceMessages } of await listed(client)) {
        const entries: readonly Message[string][] = Object.values(Object(DeviceMessages).ScalarCmd ?? []);
        const drive = (Index: number, ActuatorType: unknown) =>
          client.ask({ ScalarCmd: { Id: 5, DeviceIndex, Scalars: [{ Index, Scalar: 1, ActuatorType }] } });
        for (const [place, { FeatureDescriptor, ActuatorType, StepCount }] of entries.entries()) {
          const index = String(FeatureDescriptor).replace('feature ', '');
          expect([...seen.keys()]).toContain(`${DeviceIndex}/${index}/Output/${ActuatorType}`);
          recording.take();
          expect(await drive(place, ActuatorType)).toEqual(ok(5));
          expect(recording.take()).toEqual([`${index} ${ActuatorType} ${StepCount}`]);
        }
        const beyond = await drive(entries.length, entries[0]?.ActuatorType ?? 'Vibrate');
        expect(beyond).toMatchObject({ Error: { ErrorCode: 4 } });
      }
    }),
    settings,
  );
});
