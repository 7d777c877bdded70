import fc from 'fast-check';
import type { DeviceCard } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { INPUT_TYPES, isPositionType, OUTPUT_TYPES } from '../../../core/protocol/model.js';
import { areaOf } from '../../../plugins/home-assistant/discovery/areas.js';
import { announceDevice } from '../../../plugins/home-assistant/discovery/device.js';
import { configTopic } from '../../../plugins/home-assistant/discovery/identity.js';
import { INPUT_ENTITIES } from '../../../plugins/home-assistant/discovery/inputs.js';
import { distinctNames } from '../../../plugins/home-assistant/discovery/names.js';
import { numberParts, OUTPUT_ENTITIES } from '../../../plugins/home-assistant/discovery/outputs.js';
import { type KnownOutput, knownDevice } from '../../../plugins/home-assistant/known-device.js';
import { arbitraryDevice } from '../../support/arbitrary-devices.js';
import { OPTIONS, PLACE } from '../../support/mqtt/home-assistant.js';
import { complaints } from '../../support/mqtt/home-assistant-schema.js';
import { renderCommand, renderState } from '../../support/mqtt/home-assistant-template.js';

const output = (given: Partial<KnownOutput> = {}): KnownOutput => ({
  feature: 0,
  description: '',
  type: 'Vibrate',
  value: [0, 20],
  ...given,
});
const partsOf = (given: Partial<KnownOutput> = {}) => {
  const parts = numberParts(output(given), OPTIONS);
  if (!parts) throw new Error('There is no entity');
  return parts;
};

describe('the tables', () => {
  it('have an entry for every output type and every input type of the protocol', () => {
    expect(Object.keys(OUTPUT_ENTITIES)).toEqual([...OUTPUT_TYPES]);
    expect(Object.keys(INPUT_ENTITIES)).toEqual([...INPUT_TYPES]);
    for (const entities of Object.values(INPUT_ENTITIES)) expect(entities.length).toBeGreaterThan(0);
  });
});

describe.each(OUTPUT_TYPES)('%s', (type) => {
  const timed = type === 'HwPositionWithDuration' ? { duration: [100, 5_000] as [number, number] } : {};

  it('sends what a plain topic takes, and a time to stop unless it is a move', () => {
    const { command_template } = partsOf({ type, ...timed });
    expect(JSON.parse(renderCommand(command_template, 55))).toEqual({
      value: 0.55,
      type,
      ...('duration' in timed && { duration: 1_000 }),
      ...(!isPositionType(type) && { hold: 60_000 }),
    });
  });

  it('shows its state in percent, and nothing new where there is none', () => {
    const { value_template } = partsOf({ type, ...timed });
    expect(renderState(value_template, `{"${type}":0.35}`)).toBe('35');
    for (const payload of ['', '{}', `{"${type}":null}`, `{"${type}":"1"}`, '[]', '0.5', 'junk']) {
      expect(renderState(value_template, payload)).toBe('');
    }
  });
});

describe('the range of a number', () => {
  it.each([
    ['one step', [0, 1], 0, 100, 100],
    ['three steps: the last stop is not beyond the end', [0, 3], 0, 100, 33.333],
    ['twenty steps', [0, 20], 0, 100, 5],
    ['more steps than percent', [0, 255], 0, 100, 1],
    ['both directions', [-20, 20], -100, 100, 5],
  ] as const)('%s', (_name, value, min, max, step) => {
    expect(partsOf({ value: [...value] })).toMatchObject({ min, max, step });
  });

  it('is no range where a user left nothing: there is no entity', () => {
    expect(numberParts(output({ value: [0, 0] }), OPTIONS)).toBeUndefined();
  });

  it('lets every step of the device be reached', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(100), (steps, place) => {
        const wanted = place % (steps + 1);
        const { step } = partsOf({ value: [0, steps] });
        const level = (wanted * step) / 100;
        expect(level).toBeLessThanOrEqual(1);
        expect(Math.round(level * steps)).toBe(wanted);
      }),
    );
  });
});

it('keeps the time of a move within what the device is able to do', () => {
  const duration = (given: [number, number]) =>
    JSON.parse(renderCommand(partsOf({ type: 'HwPositionWithDuration', duration: given }).command_template, 0))
      .duration;
  expect(duration([0, 10_000])).toBe(1_000);
  expect(duration([2_000, 10_000])).toBe(2_000);
  expect(duration([0, 300])).toBe(300);
});

describe('inputs', () => {
  const templates = (type: keyof typeof INPUT_ENTITIES) =>
    INPUT_ENTITIES[type].map(({ describe }) => {
      const entity = describe({ state: 's', event: 'e' });
      return 'value_template' in entity ? (entity.value_template ?? '') : '';
    });

  it.each([
    ['Battery', '{"Battery":0.83}', ['83']],
    ['RSSI', '{"RSSI":-61}', ['-61']],
    ['Pressure', '{"Pressure":0.5}', ['50']],
    ['Depth', '{"Depth":1}', ['100']],
    ['Position', '{"Position":0}', ['0']],
    ['Button', '{"Button":1}', ['{"event_type": "press"}', 'ON']],
    ['Button', '{"Button":0}', ['{"event_type": "release"}', 'OFF']],
    ['Battery', '', ['']],
    ['Button', '', ['', '']],
  ] as const)('%s of %s', (type, payload, expected) => {
    expect(templates(type).map((template) => renderState(template, payload))).toEqual(expected);
  });
});

describe('names', () => {
  const vibrations = (...descriptions: string[]) =>
    descriptions.map((description) => ({ label: 'Vibration', description }));

  it.each([
    ['alone, it is the label', vibrations('Vibrator'), ['Vibration']],
    ['several with descriptions of their own', vibrations('Tip Vibe', 'Base Vibe'), ['Tip Vibe', 'Base Vibe']],
    ['several without', vibrations('', ''), ['Vibration 1', 'Vibration 2']],
    ['several with the same', vibrations('Vibe', 'vibe!'), ['Vibration 1', 'Vibration 2']],
    [
      'a description that is the label of another',
      [...vibrations('Stop', 'Tip'), { label: 'Stop', description: '' }],
      ['Stop', 'Tip', 'Stop 2'],
    ],
  ])('%s', (_name, entities, expected) => {
    expect(distinctNames(entities)).toEqual(expected);
  });
});

describe('areas', () => {
  const device = knownDevice(cardWith({ displayName: 'Bunny' }));

  it.each([
    [{}, undefined],
    [{ 'lovense-1a2b3c4d': 'Bedroom' }, 'Bedroom'],
    [{ 'Lovense *': 'Bedroom' }, 'Bedroom'],
    [{ bunny: 'Bedroom' }, 'Bedroom'],
    [{ '*un*': 'First', '*': 'Second' }, 'First'],
    [{ Lovense: 'Bedroom', 'Lovense.*': 'Bedroom', '(': 'Bedroom' }, undefined],
  ])('%o', (areas, expected) => {
    expect(areaOf(device, { areas })).toBe(expected);
    expect(areaOf(device, { areas, suggestedArea: 'Attic' })).toBe(expected ?? 'Attic');
  });
});

it('announces whatever there may be in a form that Home Assistant takes', () => {
  fc.assert(
    fc.property(arbitraryDevice, ({ name, displayName, features }) => {
      const device = knownDevice(cardWith({ name, displayName, features }));
      const { objectId, config } = announceDevice(device, PLACE, OPTIONS);
      expect(complaints(configTopic('homeassistant', objectId), JSON.stringify(config))).toEqual([]);
    }),
  );
});

function cardWith(given: Partial<DeviceCard>): DeviceCard {
  return {
    index: 0,
    id: 'lovense-1a2b3c4d',
    key: 'lovense/P/00:82:05:9A:D3:BD',
    name: 'Lovense Edge',
    displayName: undefined,
    brand: 'Lovense',
    protocol: 'lovense',
    identifier: 'P',
    address: '00:82:05:9A:D3:BD',
    features: [],
    ...given,
  };
}
