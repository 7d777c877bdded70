import type { InputType } from 'pulsegate/plugin';
import type { Component, SensorComponent, Unnamed } from './component.js';
import { numberOf, onOrOff, percentOf, pressedOrReleased } from './templates.js';

/** Where a feature tells of itself. */
interface FeatureTopics {
  readonly state: string;
  readonly event: string;
}

/** One entity of an input. */
export interface InputEntity {
  /** Tells it from other entities of the feature, for ever. */
  readonly key: string;
  readonly label: string;
  readonly describe: (topics: FeatureTopics) => Unnamed<Component>;
}

type Details = Omit<
  Unnamed<SensorComponent>,
  'platform' | 'state_topic' | 'state_class' | 'suggested_display_precision'
>;

const sensor = (key: string, label: string, details: Details): InputEntity => ({
  key,
  label,
  describe: ({ state: state_topic }) => ({
    platform: 'sensor',
    state_topic,
    state_class: 'measurement',
    suggested_display_precision: 0,
    ...details,
  }),
});

const inPercent = (type: InputType) => ({ unit_of_measurement: '%', value_template: percentOf(type) }) as const;

/** How Home Assistant shows what a device reports. */
export const INPUT_ENTITIES = {
  Battery: [
    sensor('battery', 'Battery', { device_class: 'battery', entity_category: 'diagnostic', ...inPercent('Battery') }),
  ],
  // It changes all the time, and hardly anybody wants all that in a history.
  RSSI: [
    sensor('rssi', 'Signal strength', {
      device_class: 'signal_strength',
      unit_of_measurement: 'dBm',
      value_template: numberOf('RSSI'),
      entity_category: 'diagnostic',
      enabled_by_default: false,
    }),
  ],
  Pressure: [sensor('pressure', 'Pressure', { icon: 'mdi:gauge', ...inPercent('Pressure') })],
  // The event is what automations wait for; whether the button is held down at this moment is another question.
  Button: [
    {
      key: 'button',
      label: 'Button',
      describe: ({ event: state_topic }) => ({
        platform: 'event',
        state_topic,
        value_template: pressedOrReleased('Button'),
        device_class: 'button',
        event_types: ['press', 'release'],
      }),
    },
    {
      key: 'button_held',
      label: 'Button held',
      describe: ({ state: state_topic }) => ({
        platform: 'binary_sensor',
        state_topic,
        value_template: onOrOff('Button'),
        icon: 'mdi:gesture-tap-button',
      }),
    },
  ],
  Depth: [sensor('depth', 'Depth', { icon: 'mdi:arrow-expand-down', ...inPercent('Depth') })],
  Position: [sensor('position_sensor', 'Measured position', { icon: 'mdi:arrow-up-down', ...inPercent('Position') })],
} satisfies Record<InputType, readonly InputEntity[]>;

/** In the order of the table. */
export const INPUT_TYPES = Object.keys(INPUT_ENTITIES).filter((type): type is InputType => type in INPUT_ENTITIES);
