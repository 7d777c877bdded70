import {
  type FeatureDefinition,
  type InputType,
  LinkError,
  type OutputType,
  type Range,
  type Static,
  Type,
} from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import type { RemoteOrder } from '../order.js';
import { I32, inOrder, inputTypeNamed, outputTypeNamed, printable, readGreeting, U32 } from './announced.js';
import type { Dialect, RemoteDevice, RemoteInput, RemoteReading, Request } from './dialect.js';

const Actuator = Type.Object({
  FeatureDescriptor: Type.Optional(Type.String()),
  ActuatorType: Type.String(),
  StepCount: I32,
});
const Sensor = Type.Object({
  FeatureDescriptor: Type.Optional(Type.String()),
  SensorType: Type.String(),
  SensorRange: Type.Array(Type.Tuple([I32, I32])),
});
const Actuators = Type.Optional(Type.Array(Actuator));
const Sensors = Type.Optional(Type.Array(Sensor));
const Device = Type.Object({
  DeviceIndex: U32,
  DeviceName: Type.String(),
  DeviceDisplayName: Type.Optional(Type.String()),
  DeviceMessages: Type.Object({
    ScalarCmd: Actuators,
    RotateCmd: Actuators,
    LinearCmd: Actuators,
    SensorReadCmd: Sensors,
    SensorSubscribeCmd: Sensors,
  }),
});
const DeviceAdded = Compile(Device);
const DeviceRemoved = Compile(Type.Object({ DeviceIndex: U32 }));
const DeviceList = Compile(Type.Object({ Devices: Type.Array(Device) }));
const SensorReading = Compile(
  Type.Object({ SensorIndex: U32, SensorType: Type.String(), Data: Type.Array(Type.Number(), { minItems: 1 }) }),
);
const Version = Compile(Type.Object({ MessageVersion: Type.Literal(3) }));

type Described<S> = S & { readonly place: number };

/** Version 3 does not say how long a timed move may take, ms. */
const ANY_DURATION: Range = [0, 60_000];

export const version3: Dialect = {
  spec: 3,
  readingName: 'SensorReading',
  hello: (ClientName) => ({ name: 'RequestServerInfo', fields: { ClientName, MessageVersion: 3 } }),
  greeting(body) {
    if (!Version.Check(body)) throw new LinkError('The server does not speak version 3 of the protocol');
    return readGreeting(body);
  },
  devices(name, body, known, { maxDevices }) {
    if (name === 'DeviceList') {
      if (!DeviceList.Check(body)) throw new LinkError('DeviceList does not have the form it must have');
      return new Map(
        body.Devices.slice(0, maxDevices).map((device) => [device.DeviceIndex, new Version3Device(device)]),
      );
    }
    if (name === 'DeviceAdded') {
      if (!DeviceAdded.Check(body)) throw new LinkError('DeviceAdded does not have the form it must have');
      const isTooMany = known.size >= maxDevices && !known.has(body.DeviceIndex);
      return isTooMany ? known : new Map([...known, [body.DeviceIndex, new Version3Device(body)]]);
    }
    if (name === 'DeviceRemoved') {
      if (!DeviceRemoved.Check(body)) throw new LinkError('DeviceRemoved does not have the form it must have');
      return new Map([...known].filter(([index]) => index !== body.DeviceIndex));
    }
    return undefined;
  },
};

/** An output or input, and where the lists of version 3 have it. */
interface Place {
  readonly featureIndex: number;
  readonly list: 'ScalarCmd' | 'RotateCmd' | 'LinearCmd' | 'SensorReadCmd' | 'SensorSubscribeCmd';
  readonly place: number;
  readonly type: OutputType | InputType;
  readonly steps: number;
}

/**
 * Version 3 knows lists of actuators and sensors where version 4 has features: each entry becomes a feature, in the order of the
 * lists.
 */
class Version3Device implements RemoteDevice {
  readonly index: number;
  readonly name: string;
  readonly displayName: string | undefined;
  readonly features: readonly FeatureDefinition[];
  readonly #places: Place[] = [];

  constructor({ DeviceIndex, DeviceName, DeviceDisplayName, DeviceMessages }: Static<typeof Device>) {
    this.index = DeviceIndex;
    this.name = printable(DeviceName) || 'Device';
    this.displayName = printable(DeviceDisplayName ?? '') || undefined;
    this.features = inOrder(this.#read(DeviceMessages));
  }

  output({ featureIndex, type, value, duration }: RemoteOrder): Request {
    const { list, place: Index, steps } = this.#find(featureIndex, type);
    if (list === 'LinearCmd') {
      return this.#about(list, { Vectors: [{ Index, Duration: duration, Position: roundedDown(value, steps) }] });
    }
    if (list === 'RotateCmd') {
      const Speed = roundedUp(Math.abs(value), steps);
      return this.#about(list, { Rotations: [{ Index, Speed, Clockwise: value >= 0 }] });
    }
    return this.#about(list, { Scalars: [{ Index, Scalar: roundedUp(value, steps), ActuatorType: type }] });
  }

  input({ featureIndex, type }: RemoteInput, command: 'Read' | 'Subscribe' | 'Unsubscribe'): Request {
    const list = command === 'Read' ? 'SensorReadCmd' : 'SensorSubscribeCmd';
    const { place: SensorIndex } = this.#find(featureIndex, type, list);
    return this.#about(`Sensor${command}Cmd`, { SensorIndex, SensorType: type });
  }

  /** A reading names its sensor by its place in the list it was asked by, and does not say which list that was: an event comes from a subscription. */
  reading(body: unknown): RemoteReading | undefined {
    if (!SensorReading.Check(body)) throw new LinkError('SensorReading does not have the form it must have');
    const type = inputTypeNamed(body.SensorType);
    const [value] = body.Data;
    const fits = this.#places.filter((one) => one.type === type && one.place === body.SensorIndex && isSensor(one));
    const found = fits.find(({ list }) => list === 'SensorSubscribeCmd') ?? fits[0];
    return found && type && value !== undefined ? { featureIndex: found.featureIndex, type, value } : undefined;
  }

  #read(messages: Static<typeof Device>['DeviceMessages']): FeatureDefinition[] {
    const rotators = numbered(messages.RotateCmd);
    return [
      ...this.#outputs('ScalarCmd', withoutRotators(numbered(messages.ScalarCmd), rotators)),
      ...this.#outputs('RotateCmd', rotators),
      ...this.#outputs('LinearCmd', numbered(messages.LinearCmd)),
      ...this.#inputs('SensorReadCmd', 'Read', numbered(messages.SensorReadCmd)),
      ...this.#inputs('SensorSubscribeCmd', 'Subscribe', numbered(messages.SensorSubscribeCmd)),
    ].map(({ feature }) => feature);
  }

  #outputs(list: Place['list'], entries: readonly Described<Static<typeof Actuator>>[]) {
    return entries.flatMap(({ place, ActuatorType, StepCount, FeatureDescriptor }) => {
      const type = list === 'LinearCmd' ? 'HwPositionWithDuration' : outputTypeNamed(ActuatorType);
      if (!type || StepCount < 1 || (list === 'ScalarCmd' && type === 'HwPositionWithDuration')) return [];
      const value: Range = list === 'RotateCmd' ? [-StepCount, StepCount] : [0, StepCount];
      const properties = list === 'LinearCmd' ? { value, duration: ANY_DURATION } : { value };
      const featureIndex = this.#add({ list, place, type, steps: StepCount });
      return [
        { feature: { ...describe(featureIndex, FeatureDescriptor), outputs: { [type]: properties }, inputs: {} } },
      ];
    });
  }

  #inputs(list: Place['list'], command: 'Read' | 'Subscribe', entries: readonly Described<Static<typeof Sensor>>[]) {
    return entries.flatMap(({ place, SensorType, SensorRange, FeatureDescriptor }) => {
      const type = inputTypeNamed(SensorType);
      const range = SensorRange[0];
      // A signal strength that is written as 0 to 255 is none that anybody could read.
      if (!type || !range || range[0] > range[1] || (type === 'RSSI' && range[1] > 0)) return [];
      const featureIndex = this.#add({ list, place, type, steps: 0 });
      const inputs = { [type]: { value: [range], commands: [command] } };
      return [{ feature: { ...describe(featureIndex, FeatureDescriptor), outputs: {}, inputs } }];
    });
  }

  #add(entry: Omit<Place, 'featureIndex'>): number {
    const featureIndex = this.#places.length;
    this.#places.push({ ...entry, featureIndex });
    return featureIndex;
  }

  #find(featureIndex: number, type: OutputType | InputType, list?: Place['list']): Place {
    const found = this.#places[featureIndex];
    if (found?.type === type && (list === undefined || list === found.list)) return found;
    throw new LinkError(`${this.name} has no ${type} at feature ${featureIndex}`);
  }

  #about(name: string, fields: Request['fields']): Request {
    return { name, fields: { DeviceIndex: this.index, ...fields } };
  }
}

const isSensor = ({ list }: Place) => list === 'SensorReadCmd' || list === 'SensorSubscribeCmd';
const describe = (index: number, descriptor = '') => ({ index, description: printable(descriptor) });
const numbered = <S extends object>(entries: readonly S[] = []): Described<S>[] =>
  entries.map((entry, place) => ({ ...entry, place }));

/** What turns both ways is in both lists of newer servers; the one that knows directions counts. */
function withoutRotators<A extends Static<typeof Actuator>>(scalars: readonly A[], rotators: readonly A[]): A[] {
  const left = [...rotators];
  return scalars.filter(({ ActuatorType, StepCount, FeatureDescriptor }) => {
    if (ActuatorType !== 'Rotate') return true;
    const twin = left.findIndex(
      (other) => other.StepCount === StepCount && other.FeatureDescriptor === FeatureDescriptor,
    );
    if (twin < 0) return true;
    left.splice(twin, 1);
    return false;
  });
}

/**
 * Steps to 0…1, a little less than the exact share: servers round up, some round to the nearest, and in floating point 11 of 20
 * steps times 20 is more than 11.
 */
const roundedUp = (value: number, steps: number) => (value <= 0 ? 0 : value >= steps ? 1 : (value - 0.1) / steps);
/** The same for positions, which servers cut off. */
const roundedDown = (value: number, steps: number) => (value <= 0 ? 0 : value >= steps ? 1 : (value + 0.1) / steps);
