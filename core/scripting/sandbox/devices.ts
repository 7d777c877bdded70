import { type AbortSignal, abortable } from './abort.js';
import type { DeviceInfo } from './announced.js';
import type { Client } from './client.js';
import { Device } from './device.js';
import { Listeners, type Subscription } from './listeners.js';
import { INPUT_TYPES, typeNamed } from './outputs.js';
import { after } from './time.js';

/** Which device is meant: by name (`*` stands for any text, case does not count), by index, by what it has, or as a function says. */
export type DeviceQuery =
  | string
  | number
  | ((device: Device) => boolean)
  | { readonly name?: string; readonly index?: number; readonly output?: string; readonly input?: string };

/** The devices this script may use, as they are now. */
export class Devices {
  readonly #client: () => Client;
  readonly #devices = new Map<number, Device>();
  readonly #added = new Listeners<[device: Device]>();
  readonly #removed = new Listeners<[device: Device]>();
  readonly #described = new Map<number, string>();

  constructor(client: () => Client) {
    this.#client = client;
  }

  get length(): number {
    return this.#devices.size;
  }

  [Symbol.iterator](): IterableIterator<Device> {
    return this.list()[Symbol.iterator]();
  }

  /** Ascending by index. */
  list(): Device[] {
    return [...this.#devices.values()].sort((left, right) => left.index - right.index);
  }

  find(query?: DeviceQuery): Device | undefined {
    return this.filter(query)[0];
  }

  filter(query?: DeviceQuery): Device[] {
    const fits = matcher(query);
    return this.list().filter(fits);
  }

  /** The first device that fits, now or as soon as there is one. Rejects after `timeout` ms, if that is given. */
  first(
    query?: DeviceQuery,
    options: { readonly timeout?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Device> {
    const fits = matcher(query);
    const found = this.list().find(fits);
    if (found) return Promise.resolve(found);
    const { promise, resolve, reject } = Promise.withResolvers<Device>();
    const subscription = this.on('added', (device) => {
      if (fits(device)) resolve(device);
    });
    const timer =
      options.timeout === undefined
        ? undefined
        : after(options.timeout, () => reject(new Error(`No such device came within ${options.timeout} ms`)));
    const settled = () => {
      subscription.cancel();
      timer?.cancel();
    };
    promise.then(settled, settled);
    return abortable(promise, options.signal, settled);
  }

  on(event: 'added' | 'removed', listener: (device: Device) => unknown): Subscription {
    switch (event) {
      case 'added':
        return this.#added.add(listener);
      case 'removed':
        return this.#removed.add(listener);
      default:
        throw new TypeError(`There is no event "${event}" of devices; there are added, removed`);
    }
  }

  /** The gateway's list of devices, whenever it changes. */
  update(list: Readonly<Record<string, DeviceInfo>>): void {
    const infos = Object.values(list);
    const before = [...this.#devices.values()];
    const kept = new Set<number>();
    const added: Device[] = [];
    for (const info of infos) {
      const description = JSON.stringify(info);
      kept.add(info.DeviceIndex);
      // Another device at the same index is another device.
      if (this.#described.get(info.DeviceIndex) === description) continue;
      this.#described.set(info.DeviceIndex, description);
      added.push(new Device(this.#client(), info));
    }
    const replaced = new Set(added.map(({ index }) => index));
    for (const device of before) {
      if (kept.has(device.index) && !replaced.has(device.index)) continue;
      this.#devices.delete(device.index);
      if (!kept.has(device.index)) this.#described.delete(device.index);
      device.close();
      this.#removed.tell(device);
    }
    for (const device of added) this.#devices.set(device.index, device);
    for (const device of added) this.#added.tell(device);
  }

  take(reading: Readonly<Record<string, unknown>>): void {
    const device = this.#devices.get(Number(reading.DeviceIndex));
    for (const [type, value] of Object.entries(Object(reading.Reading))) {
      device?.take(Number(reading.FeatureIndex), typeNamed(INPUT_TYPES, type), Number(Object(value).Value));
    }
  }
}

function matcher(query: DeviceQuery | undefined): (device: Device) => boolean {
  if (query === undefined) return () => true;
  if (typeof query === 'number') return ({ index }) => index === query;
  if (typeof query === 'string') return named(query);
  if (typeof query === 'function') return query;
  if (typeof query !== 'object' || query === null)
    throw new TypeError('A device is looked for by name, index, or { name, index, output, input }');
  const { name, index, output, input } = query;
  const hasName = name === undefined ? () => true : named(name);
  return (device) =>
    hasName(device) &&
    (index === undefined || device.index === index) &&
    (output === undefined || device.features.some((feature) => hasType(feature.outputs, output))) &&
    (input === undefined || device.features.some((feature) => hasType(feature.inputs, input)));
}

const hasType = (types: readonly string[], wanted: string) =>
  types.some((type) => type.toLowerCase() === String(wanted).toLowerCase());

function named(pattern: string): (device: Device) => boolean {
  const parts = String(pattern)
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'is');
  return ({ name, displayName }) => expression.test(name) || expression.test(displayName);
}
