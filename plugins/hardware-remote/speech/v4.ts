import {
  type FeatureDefinition,
  LinkError,
  type MessageBody,
  type OutputType,
  type Range,
  type Static,
  Type,
} from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import type { RemoteOrder } from '../order.js';
import {
  I32,
  inOrder,
  inputTypeNamed,
  outputTypeNamed,
  printable,
  readGreeting,
  U32,
  usableRange,
} from './announced.js';
import type { Dialect, RemoteDevice, RemoteInput, RemoteReading, Request } from './dialect.js';

/** Types that a later minor version adds are not known here, so their properties may be anything. */
const Properties = Type.Record(Type.String(), Type.Unknown());
const Feature = Type.Object({
  FeatureIndex: U32,
  FeatureDescription: Type.Optional(Type.String()),
  Output: Type.Optional(Properties),
  Input: Type.Optional(Properties),
});
const Device = Type.Object({
  DeviceIndex: U32,
  DeviceName: Type.String(),
  DeviceDisplayName: Type.Optional(Type.String()),
  DeviceFeatures: Type.Record(Type.String(), Feature),
});
const DeviceList = Compile(Type.Object({ Devices: Type.Record(Type.String(), Device) }));
const Output = Compile(Type.Object({ Value: Type.Tuple([I32, I32]), Duration: Type.Optional(Type.Tuple([U32, U32])) }));
const Input = Compile(
  Type.Object({
    Value: Type.Array(Type.Tuple([I32, I32]), { minItems: 1 }),
    Command: Type.Array(Type.String()),
  }),
);
const InputReading = Compile(
  Type.Object({
    FeatureIndex: U32,
    Reading: Type.Record(Type.String(), Type.Object({ Value: Type.Number() })),
  }),
);
const Version = Compile(Type.Object({ ProtocolVersionMajor: Type.Literal(4) }));

type OutputProperties = NonNullable<FeatureDefinition['outputs'][OutputType]>;

/** Where a server says nothing about how long a timed move may take, ms. */
const ANY_DURATION: Range = [0, 60_000];

export const version4: Dialect = {
  spec: 4,
  readingName: 'InputReading',
  hello: (ClientName) => ({
    name: 'RequestServerInfo',
    fields: { ClientName, ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 },
  }),
  greeting(body) {
    if (!Version.Check(body)) throw new LinkError('The server does not speak version 4 of the protocol');
    return readGreeting(body);
  },
  devices(name, body, _known, { maxDevices }) {
    if (name !== 'DeviceList') return undefined;
    if (!DeviceList.Check(body)) throw new LinkError('DeviceList does not have the form it must have');
    const devices = Object.values(body.Devices)
      .sort((left, right) => left.DeviceIndex - right.DeviceIndex)
      .slice(0, maxDevices);
    return new Map(devices.map((device) => [device.DeviceIndex, new Version4Device(device)]));
  },
};

class Version4Device implements RemoteDevice {
  readonly index: number;
  readonly name: string;
  readonly displayName: string | undefined;
  readonly features: readonly FeatureDefinition[];

  constructor({ DeviceIndex, DeviceName, DeviceDisplayName, DeviceFeatures }: Static<typeof Device>) {
    this.index = DeviceIndex;
    this.name = printable(DeviceName) || 'Device';
    this.displayName = printable(DeviceDisplayName ?? '') || undefined;
    this.features = inOrder(Object.values(DeviceFeatures).map(readFeature));
  }

  output({ featureIndex, type, value, duration }: RemoteOrder): Request {
    const order = type === 'HwPositionWithDuration' ? { Value: value, Duration: duration } : { Value: value };
    return this.#about('OutputCmd', featureIndex, { Command: { [type]: order } });
  }

  input({ featureIndex, type }: RemoteInput, command: 'Read' | 'Subscribe' | 'Unsubscribe'): Request {
    return this.#about('InputCmd', featureIndex, { Type: type, Command: command });
  }

  reading(body: unknown): RemoteReading | undefined {
    if (!InputReading.Check(body)) throw new LinkError('InputReading does not have the form it must have');
    for (const [name, { Value }] of Object.entries(body.Reading)) {
      const type = inputTypeNamed(name);
      if (type) return { featureIndex: body.FeatureIndex, type, value: Value };
    }
    return undefined;
  }

  #about(name: string, FeatureIndex: number, fields: MessageBody): Request {
    return { name, fields: { DeviceIndex: this.index, FeatureIndex, ...fields } };
  }
}

function readFeature({ FeatureIndex, FeatureDescription, Output, Input }: Static<typeof Feature>): FeatureDefinition {
  return {
    index: FeatureIndex,
    description: printable(FeatureDescription ?? ''),
    outputs: Object.fromEntries(
      Object.entries(Output ?? {}).flatMap(([name, properties]) => readOutput(name, properties)),
    ),
    inputs: Object.fromEntries(
      Object.entries(Input ?? {}).flatMap(([name, properties]) => readInput(name, properties)),
    ),
  };
}

function readOutput(name: string, properties: unknown): readonly (readonly [string, OutputProperties])[] {
  const type = outputTypeNamed(name);
  if (!type) return [];
  if (!Output.Check(properties)) throw new LinkError(`A feature's ${type} does not have the form it must have`);
  const value = usableRange(type, ...properties.Value);
  if (!value) return [];
  if (type !== 'HwPositionWithDuration') return [[type, { value }]];
  const [least, most] = properties.Duration ?? ANY_DURATION;
  return [[type, { value, duration: [least, Math.max(least, most)] }]];
}

function readInput(name: string, properties: unknown) {
  const type = inputTypeNamed(name);
  if (!type) return [];
  if (!Input.Check(properties)) throw new LinkError(`A feature's ${type} does not have the form it must have`);
  const commands = (['Read', 'Subscribe'] as const).filter((command) => properties.Command.includes(command));
  const value = properties.Value.filter(([low, high]) => low <= high);
  return value.length > 0 && commands.length > 0 ? [[type, { value, commands }] as const] : [];
}
