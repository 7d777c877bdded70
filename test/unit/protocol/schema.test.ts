import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codecs } from '../../../core/protocol/codec.js';
import type { AnnouncedDevice, InputReading } from '../../../core/protocol/model.js';
import { INPUT_TYPES, SPEC_VERSIONS } from '../../../core/protocol/model.js';
import { arbitraryDevice } from '../../support/arbitrary-devices.js';
import { needsOfficialSchema, officialCheck } from '../../support/official-schema.js';

/** Whatever the devices are like, strict clients of every version can read what they are told of them (messages §1). */

const value = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -100_000, max: 100_000 }));

const readingsOf = (device: AnnouncedDevice, value: number): InputReading[] =>
  device.features.flatMap((feature) =>
    INPUT_TYPES.filter((type) => feature.inputs[type]).map((type) => {
      return { deviceIndex: device.index, featureIndex: feature.index, type, value };
    }),
  );

it.for([...SPEC_VERSIONS])(
  'v%i: every list, change and reading of any devices fits the official schema',
  (version, context) => {
    needsOfficialSchema(context.skip);
    const check = officialCheck(version);
    const codec = codecs[version];
    const identity = { name: 'Front room', version: [1, 2, 3] as const };
    fc.assert(
      fc.property(fc.array(arbitraryDevice, { maxLength: 3 }), value, (devices, reading) => {
        const frames = [
          codec.serverInfo(1, identity, 0),
          codec.deviceList(1, devices),
          ...codec.devicesChanged({ added: devices, removed: [0, 4_294_967_295] }, devices),
          ...devices.flatMap((device) =>
            readingsOf(device, reading).flatMap((event) => codec.inputEvent(event, device) ?? []),
          ),
        ];
        for (const frame of frames) expect([frame, check(frame)]).toEqual([frame, []]);
      }),
    );
  },
);

it('readings are told in versions 3 and 4 only, and in 3 for what can be subscribed there (B26)', () => {
  fc.assert(
    fc.property(arbitraryDevice, value, (device, reading) => {
      for (const event of readingsOf(device, reading)) {
        const feature = device.features.find(({ index }) => index === event.featureIndex);
        const subscribable = feature?.inputs[event.type]?.commands.includes('Subscribe');
        const knownToV3 = ['Battery', 'RSSI', 'Button', 'Pressure'].includes(event.type);
        const told = SPEC_VERSIONS.filter((version) => codecs[version].inputEvent(event, device) !== undefined);
        expect(told).toEqual(subscribable && knownToV3 ? [3, 4] : [4]);
      }
    }),
  );
});
