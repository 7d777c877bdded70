import Type, { type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What Home Assistant takes for a device, from its documentation: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery and
 * the pages of the platforms (number.mqtt, sensor.mqtt, …). Stricter than Home Assistant, which drops unknown keys of a component
 * without a word: here they are refused, as they are mistakes.
 */

const strict = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false });
const text = Type.String({ minLength: 1 });
const optional = Type.Optional;

const Publish = Type.String({ pattern: '^[^+#\\u0000]+$' });
const Subscribe = Type.String({ pattern: '^[^\\u0000]+$' });
const Template = text;
const Icon = Type.String({ pattern: '^mdi:[a-z0-9-]+$' });
const Qos = Type.Enum([0, 1, 2]);

const Availability = strict({
  topic: Subscribe,
  payload_available: optional(text),
  payload_not_available: optional(text),
  value_template: optional(Template),
});

const availability = {
  availability: optional(Type.Array(Availability, { minItems: 1 })),
  availability_mode: optional(Type.Enum(['all', 'any', 'latest'])),
};

/** Every entity that is discovered with its device has these. */
const entity = <P extends string>(platform: P) => ({
  platform: Type.Literal(platform),
  // Without control characters.
  name: Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' }),
  unique_id: Type.String({ pattern: '^[a-zA-Z0-9_-]+$' }),
  default_entity_id: optional(Type.String({ pattern: `^${platform}\\.[a-z0-9]+(_[a-z0-9]+)*$` })),
  icon: optional(Icon),
  entity_category: optional(Type.Enum(['config', 'diagnostic'])),
  enabled_by_default: optional(Type.Boolean()),
  qos: optional(Qos),
  ...availability,
});

const NumberEntity = strict({
  ...entity('number'),
  command_topic: Publish,
  command_template: optional(Template),
  state_topic: optional(Subscribe),
  value_template: optional(Template),
  min: optional(Type.Number()),
  max: optional(Type.Number()),
  step: optional(Type.Number({ minimum: 0.001 })),
  mode: optional(Type.Enum(['auto', 'box', 'slider'])),
  unit_of_measurement: optional(text),
  payload_reset: optional(text),
  optimistic: optional(Type.Boolean()),
  retain: optional(Type.Literal(false, { description: 'a retained command would be carried out again and again' })),
});

const sensor = {
  ...entity('sensor'),
  state_topic: Subscribe,
  value_template: optional(Template),
  state_class: optional(Type.Enum(['measurement', 'total', 'total_increasing'])),
  suggested_display_precision: optional(Type.Integer({ minimum: 0 })),
  expire_after: optional(Type.Integer({ minimum: 0 })),
  force_update: optional(Type.Boolean()),
};
/** A device class has its units. */
const Sensor = Type.Union([
  strict({ ...sensor, device_class: Type.Literal('battery'), unit_of_measurement: Type.Literal('%') }),
  strict({
    ...sensor,
    device_class: Type.Literal('signal_strength'),
    unit_of_measurement: Type.Enum(['dB', 'dBm']),
  }),
  strict({ ...sensor, unit_of_measurement: optional(text) }),
]);

const BinarySensor = strict({
  ...entity('binary_sensor'),
  state_topic: Subscribe,
  value_template: optional(Template),
  device_class: optional(Type.Enum(['connectivity', 'battery', 'problem', 'running', 'occupancy', 'motion'])),
  payload_on: optional(text),
  payload_off: optional(text),
  off_delay: optional(Type.Integer({ minimum: 0 })),
  expire_after: optional(Type.Integer({ minimum: 0 })),
  force_update: optional(Type.Boolean()),
});

const Event = strict({
  ...entity('event'),
  state_topic: Subscribe,
  value_template: optional(Template),
  device_class: optional(Type.Enum(['button', 'doorbell', 'motion'])),
  event_types: Type.Array(text, { minItems: 1, uniqueItems: true }),
});

const Button = strict({
  ...entity('button'),
  command_topic: Publish,
  command_template: optional(Template),
  payload_press: optional(text),
  device_class: optional(Type.Enum(['identify', 'restart', 'update'])),
  retain: optional(Type.Literal(false)),
});

const Switch = strict({
  ...entity('switch'),
  command_topic: Publish,
  command_template: optional(Template),
  state_topic: optional(Subscribe),
  value_template: optional(Template),
  payload_on: optional(text),
  payload_off: optional(text),
  state_on: optional(text),
  state_off: optional(text),
  optimistic: optional(Type.Boolean()),
  device_class: optional(Type.Enum(['outlet', 'switch'])),
  retain: optional(Type.Literal(false)),
});

/** A component that is gone: nothing but its platform. */
const Gone = strict({ platform: Type.Enum(['number', 'sensor', 'binary_sensor', 'event', 'button', 'switch']) });

const Device = strict({
  identifiers: Type.Array(text, { minItems: 1 }),
  name: text,
  manufacturer: optional(text),
  model: optional(text),
  model_id: optional(text),
  serial_number: optional(text),
  hw_version: optional(text),
  sw_version: optional(text),
  suggested_area: optional(text),
  via_device: optional(text),
  configuration_url: optional(text),
});

const DeviceDiscovery = strict({
  device: Device,
  origin: strict({ name: text, sw_version: optional(text), support_url: optional(text) }),
  components: Type.Record(
    Type.String({ pattern: '^[a-zA-Z0-9_-]+$' }),
    Type.Union([NumberEntity, Sensor, BinarySensor, Event, Button, Switch, Gone]),
    { minProperties: 1, additionalProperties: false },
  ),
  ...availability,
  state_topic: optional(Subscribe),
  command_topic: optional(Publish),
  qos: optional(Qos),
  encoding: optional(text),
});

const validator = Compile(DeviceDiscovery);

const DISCOVERY_TOPIC = /^[^+#]+\/device\/(?:[a-zA-Z0-9_-]+\/)?[a-zA-Z0-9_-]+\/config$/;

/** What Home Assistant would say against a discovery message; empty if nothing. */
export function complaints(topic: string, payload: string): string[] {
  if (!DISCOVERY_TOPIC.test(topic)) return [`${topic} is no topic for the discovery of a device`];
  let config: unknown;
  try {
    config = JSON.parse(payload);
  } catch {
    return ['it is not JSON'];
  }
  if (!validator.Check(config)) {
    return validator.Errors(config).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  }
  const entities = Object.values(config.components).filter((component) => 'unique_id' in component);
  return [
    ...twice(entities.map(({ unique_id }) => unique_id)).map((id) => `unique_id ${id} is there twice`),
    ...twice(entities.map(({ name }) => name)).map((name) => `name ${name} is there twice`),
    ...entities.flatMap((entity) => {
      if (entity.platform !== 'number') return [];
      const { min = 1, max = 100, name } = entity;
      return min < max ? [] : [`${name}: max has to be above min`];
    }),
  ];
}

const twice = (names: readonly string[]) => names.filter((name, place) => names.indexOf(name) !== place);
