import { DeviceError } from '../errors.js';
import type {
  AnySpecifier,
  BluetoothSpecifier,
  Endpoint,
  LinkSpecifier,
  SerialSpecifier,
  UsbSpecifier,
  WebSocketSpecifier,
} from '../hardware/contract.js';
import type { InputProperties, InputType, OutputProperties, OutputType, Range } from '../protocol/model.js';
import type { FeatureDefinition, ModelDefinition, ProtocolDefinition } from './definition.js';

/** Words to write device tables with: features, models, links. Each returns a plain value. */

export type FeaturePart = Omit<FeatureDefinition, 'index'> & { readonly index?: number };
interface About {
  readonly description?: string;
  /** The community's feature identifier. */
  readonly id?: string;
}

function outputPart(type: OutputType, properties: OutputProperties, about: About = {}): FeaturePart {
  return { description: '', ...about, outputs: { [type]: properties }, inputs: {} };
}

const upTo = (type: OutputType) => (max: number, about?: About) => outputPart(type, { value: [0, max] }, about);

export const vibrate = upTo('Vibrate');
export const oscillate = upTo('Oscillate');
export const constrict = upTo('Constrict');
export const temperature = upTo('Temperature');
export const led = upTo('Led');
export const spray = upTo('Spray');
export const position = upTo('Position');
/** Rotation in one direction. */
export const rotate = upTo('Rotate');
/** Rotation in both directions: positive is clockwise. */
export const rotateBothWays = (max: number, about?: About) => outputPart('Rotate', { value: [-max, max] }, about);
/** A move to a position within a given time; `maxDurationMs` is the longest the device takes. */
export const timedPosition = (max: number, maxDurationMs: number, about?: About) =>
  outputPart('HwPositionWithDuration', { value: [0, max], duration: [0, maxDurationMs] }, about);

function inputPart(type: InputType, properties: InputProperties, about: About = {}): FeaturePart {
  return { description: '', ...about, outputs: {}, inputs: { [type]: properties } };
}

export const battery = (about?: About) =>
  inputPart('Battery', { value: [[0, 100]], commands: ['Read'] }, { description: 'Battery Level', ...about });
export const rssi = (about?: About) => inputPart('RSSI', { value: [[-128, 0]], commands: ['Read'] }, about);
export const pressure = (range: Range, about?: About) =>
  inputPart('Pressure', { value: [range], commands: ['Subscribe'] }, about);
export const button = (about?: About) => inputPart('Button', { value: [[0, 1]], commands: ['Subscribe'] }, about);

/** One feature that has everything the parts have, under the first part's description. */
export function combined(first: FeaturePart, ...others: readonly FeaturePart[]): FeaturePart {
  const parts = [first, ...others];
  return {
    ...first,
    outputs: Object.assign({}, ...parts.map(({ outputs }) => outputs)),
    inputs: Object.assign({}, ...parts.map(({ inputs }) => inputs)),
  };
}

/** Gives a feature its own index instead of its place in the list. */
export const at = (index: number, part: FeaturePart): FeaturePart => ({ ...part, index });

/** A list of features, numbered by place unless `at` says otherwise. */
export function features(...parts: readonly FeaturePart[]): FeatureDefinition[] {
  return parts
    .map((part, place) => ({ ...part, index: part.index ?? place }))
    .sort((left, right) => left.index - right.index);
}

type ModelExtras = Partial<Pick<ModelDefinition, 'id' | 'variant' | 'messageGapMs' | 'brand'>>;

/** A model that is chosen by its identifier. */
export function model(
  identifiers: string | readonly string[],
  name: string,
  featureList: readonly FeatureDefinition[],
  extras: ModelExtras = {},
): ModelDefinition {
  return {
    identifiers: typeof identifiers === 'string' ? [identifiers] : identifiers,
    name,
    features: featureList,
    ...extras,
  };
}

/** The model for every identifier that no other model has. */
export const otherwise = (name: string, featureList: readonly FeatureDefinition[], extras?: ModelExtras) =>
  model([], name, featureList, extras);

/** Expands a 16-bit Bluetooth identifier (`fff0`) to its full, lower-case form; leaves full ones alone. */
export function uuid(identifier: string): string {
  const text = identifier.toLowerCase();
  return text.length === 4 ? `0000${text}-0000-1000-8000-00805f9b34fb` : text;
}

interface BluetoothLink {
  readonly names: readonly string[];
  /** Service to (endpoint to characteristic); 16-bit identifiers may be written as four digits. */
  readonly services: Readonly<Record<string, Readonly<Record<Endpoint, string>>>>;
  readonly manufacturerData?: BluetoothSpecifier['manufacturerData'];
  readonly advertisedServices?: readonly string[];
}

export function bluetooth(link: BluetoothLink): BluetoothSpecifier {
  const services = Object.entries(link.services).map(([service, endpoints]) => [
    uuid(service),
    Object.fromEntries(Object.entries(endpoints).map(([endpoint, characteristic]) => [endpoint, uuid(characteristic)])),
  ]);
  return {
    kind: 'bluetooth',
    names: link.names,
    services: Object.fromEntries(services),
    ...(link.manufacturerData && { manufacturerData: link.manufacturerData }),
    ...(link.advertisedServices && { advertisedServices: link.advertisedServices.map(uuid) }),
  };
}

export const serial = (port: string, baudRate: number): SerialSpecifier => ({ kind: 'serial', port, baudRate });
export const hid = (...pairs: UsbSpecifier['pairs']): UsbSpecifier => ({ kind: 'hid', pairs });
export const usb = (...pairs: UsbSpecifier['pairs']): UsbSpecifier => ({ kind: 'usb', pairs });
export const webSocket = (name: string): WebSocketSpecifier => ({ kind: 'websocket', name });
export const anyOf = (kind: AnySpecifier['kind']): AnySpecifier => ({ kind });

/** Endpoints a link of this kind offers; links that are not Bluetooth have one channel each way. */
export function endpointsOf(specifier: LinkSpecifier): ReadonlySet<Endpoint> {
  if (specifier.kind !== 'bluetooth') return new Set(['tx', 'rx']);
  return new Set(Object.values(specifier.services).flatMap((endpoints) => Object.keys(endpoints)));
}

/** Devices that can be told from others, and no more: nobody has described what to send them. */
export const recognisedOnly = (definition: Omit<ProtocolDefinition, 'status' | 'open'>): ProtocolDefinition => ({
  ...definition,
  status: 'recognised',
  async open({ model }) {
    throw new DeviceError(`Nobody has described how ${model.name} is driven`);
  },
});

/** Checks the shape at compile time and leaves the value alone. */
export const defineProtocol = (definition: ProtocolDefinition): ProtocolDefinition => definition;
