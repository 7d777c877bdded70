import fc from 'fast-check';
import { pino } from 'pino';
import {
  type Advertisement,
  type DeviceInput,
  type DeviceLevels,
  type DeviceOutput,
  type DeviceWrite,
  type Endpoint,
  Events,
  endpointsOf,
  type FeatureDefinition,
  type HardwareLink,
  type InputType,
  LinkError,
  type LinkEvents,
  type LinkKind,
  type LinkSpecifier,
  type ModelDefinition,
  type OutputType,
  type ProtocolContext,
  type ProtocolDefinition,
  type ProtocolHandler,
} from 'pulsegate/plugin';
import { expect } from 'vitest';
import { isPositionType, OUTPUT_TYPES } from '../../core/protocol/model.js';
import type { Firmware, FirmwareDefinition, Toy } from '../../plugins/hardware-simulated/firmware.js';
import { FakeClock } from './fake-clock.js';

/** Runs protocol definitions without the device engine: on a link that records, with time that stands still. */

export const toHex = (data: Iterable<number>): string =>
  [...data].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
/** For protocols that speak text: `['50 3b']` becomes `['P;']`. */
export const asText = (hex: readonly string[]): string[] =>
  hex.map((packet) => Buffer.from(fromHex(packet)).toString());

type Answer = (endpoint: Endpoint, data: Uint8Array, link: FakeLink) => void;

/** A link that writes down what passes over it. Whoever plays the device answers in `onWrite` and `onRead`. */
export class FakeLink implements HardwareLink {
  readonly address = 'fake-address';
  readonly kind: LinkKind;
  readonly endpoints: ReadonlySet<Endpoint>;
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly subscribed = new Set<Endpoint>();
  onWrite: Answer | undefined;
  onRead: ((endpoint: Endpoint) => Uint8Array | undefined) | undefined;
  onSubscribe: ((endpoint: Endpoint, link: FakeLink) => void) | undefined;
  /** While set, writes are refused. */
  failing = false;
  #traffic: string[] = [];
  #connected = true;
  readonly #events = new Events<LinkEvents>((error) => {
    throw error;
  });

  constructor(
    readonly name: string,
    specifier: LinkSpecifier,
  ) {
    this.kind = specifier.kind;
    this.endpoints = endpointsOf(specifier);
  }

  /** Listeners that nobody has taken away. */
  get listening(): number {
    return this.#events.listenerCount('notification') + this.#events.listenerCount('disconnected');
  }

  /** What passed since the last call: `tx: 01 02`, `tx!: 01 02` (with response), `read rx`, `subscribe rx`. */
  take(): string[] {
    return this.#traffic.splice(0);
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  /** The device sends something: bytes, or text. */
  notify(endpoint: Endpoint, data: Uint8Array | string): void {
    if (!this.subscribed.has(endpoint)) return;
    this.#events.emit('notification', endpoint, typeof data === 'string' ? new TextEncoder().encode(data) : data);
  }

  /** Synchronous, so that tests of single packets need not wait. */
  deliver(endpoint: Endpoint, data: Uint8Array, withResponse: boolean): void {
    this.#check(endpoint);
    this.#traffic.push(`${endpoint}${withResponse ? '!' : ''}: ${toHex(data)}`);
    this.onWrite?.(endpoint, data, this);
  }

  async write(endpoint: Endpoint, data: Uint8Array, options: { readonly withResponse: boolean }): Promise<void> {
    if (this.failing) throw new LinkError('The fake link refuses writes');
    this.deliver(endpoint, data, options.withResponse);
  }

  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#check(endpoint);
    this.#traffic.push(`read ${endpoint}`);
    const data = this.onRead?.(endpoint);
    if (!data) throw new LinkError(`The fake device has nothing to read on ${endpoint}`);
    return data;
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    this.#check(endpoint);
    this.#traffic.push(`subscribe ${endpoint}`);
    this.subscribed.add(endpoint);
    this.onSubscribe?.(endpoint, this);
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#check(endpoint);
    this.#traffic.push(`unsubscribe ${endpoint}`);
    this.subscribed.delete(endpoint);
  }

  async disconnect(): Promise<void> {
    this.lose('disconnected on request');
  }

  /** The device goes away. */
  lose(reason = 'the device went away'): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#events.emit('disconnected', reason);
  }

  #check(endpoint: Endpoint): void {
    if (!this.#connected) throw new LinkError('The fake link is gone');
    if (!this.endpoints.has(endpoint)) throw new LinkError(`The fake link has no endpoint ${endpoint}`);
  }
}

export interface OpenOptions {
  /** Advertised name. Default: the identifier. */
  readonly name?: string;
  /** Opens this model without identifying. Absent: the definition identifies, or the name is the identifier. */
  readonly identifier?: string;
  readonly advertisement?: Partial<Advertisement>;
  /** Which of the definition's links is used. Default 0. */
  readonly link?: number;
  /** Plays the device while it is identified and opened, and later. */
  readonly answer?: Answer;
  /** Readable endpoints: hex. */
  readonly reads?: Readonly<Record<Endpoint, string>>;
  readonly clock?: FakeClock;
  /** Called with the link before anything passes over it. */
  readonly attach?: (link: FakeLink) => void;
}

/** One connected device without an engine around it: keeps levels as the engine would, removes no duplicates. */
export class Driver {
  readonly #levels = new Map<string, number>();

  constructor(
    readonly handler: ProtocolHandler,
    readonly model: ModelDefinition,
    readonly identifier: string,
    readonly link: FakeLink,
    readonly clock: FakeClock,
    private readonly lost: AbortController,
  ) {}

  readonly levels: DeviceLevels = {
    get: (index, type) => this.#levels.get(`${index} ${type}`) ?? 0,
    at: (featureIndex) => this.#strongest(([index]) => index === featureIndex),
    of: (wanted) => this.#strongest(([, type]) => type === wanted),
  };

  feature(index: number): FeatureDefinition {
    const feature = this.model.features.find((candidate) => candidate.index === index);
    if (!feature) throw new Error(`${this.model.name} has no feature ${index}`);
    return feature;
  }

  /** The packets for one order; they are not written anywhere. */
  order(featureIndex: number, type: OutputType, value: number, duration = 0): readonly DeviceWrite[] {
    const order: DeviceOutput = { feature: this.feature(featureIndex), type, value, duration };
    this.#levels.set(`${featureIndex} ${type}`, value);
    return this.handler.output(order, this.levels);
  }

  /** Gives an order, writes its packets to the link and returns them in hex. */
  drive(featureIndex: number, type: OutputType, value: number, duration = 0): string[] {
    return this.order(featureIndex, type, value, duration).map((write) => this.write(write));
  }

  /** What a stop of a timed move writes; `value` is where the engine would have it held. */
  hold(featureIndex: number, value: number): string[] {
    const order = {
      feature: this.feature(featureIndex),
      type: 'HwPositionWithDuration',
      value,
      duration: 100,
    } as const;
    return this.handler.output({ ...order, isHold: true }, this.levels).map((write) => this.write(write));
  }

  /** What a stop does: every level becomes 0, then each output is told; of packets in one slot only the last is written. */
  stop(): string[] {
    for (const [index, type] of this.#levelled) this.#levels.set(`${index} ${type}`, 0);
    const commands = this.#levelled.map(([index, type]) => this.order(index, type, 0));
    return commands
      .flatMap((writes, place) => {
        const later = new Set(commands.slice(place + 1).flatMap((command) => command.flatMap(slotsOf)));
        return writes.filter((write) => !slotsOf(write).some((slot) => later.has(slot)));
      })
      .map((write) => this.write(write));
  }

  /** A packet sets out. Returns it in hex. */
  write(write: DeviceWrite): string {
    write.onDeparture?.();
    this.link.deliver(write.endpoint, write.data, write.withResponse);
    return toHex(write.data);
  }

  #strongest(isMeant: (output: readonly [featureIndex: number, type: OutputType]) => boolean): number {
    const levels = this.#levelled.filter(isMeant).map(([index, type]) => Math.abs(this.levels.get(index, type)));
    return Math.max(0, ...levels);
  }

  /** All outputs that have levels, in the order in which the engine lists them. */
  get #levelled(): (readonly [featureIndex: number, type: OutputType])[] {
    return this.model.features.flatMap((feature) =>
      outputTypes(feature)
        .filter((type) => !isPositionType(type))
        .map((type) => [feature.index, type] as const),
    );
  }

  input(featureIndex: number, type: InputType): DeviceInput {
    return { feature: this.feature(featureIndex), type };
  }

  /** Reads an input through the handler, letting time pass until it answers. */
  read(featureIndex: number, type: InputType): Promise<number> {
    if (!this.handler.read) throw new Error('This handler leaves reading to the engine');
    return this.clock.until(this.handler.read(this.input(featureIndex, type)));
  }

  /** The device goes away. */
  close(reason = 'the device went away'): void {
    this.lost.abort(new LinkError(reason));
    this.link.lose(reason);
    this.handler.close?.();
  }
}

/** Connects to a device that is as good as `options` make it. */
export async function openProtocol(definition: ProtocolDefinition, options: OpenOptions = {}): Promise<Driver> {
  const specifier = definition.links[options.link ?? 0];
  if (!specifier) throw new Error(`${definition.id} has no such link`);
  const name = options.name ?? options.identifier ?? '';
  const clock = options.clock ?? new FakeClock();
  const link = new FakeLink(name, specifier);
  link.onWrite = options.answer;
  link.onRead = (endpoint) => {
    const hex = options.reads?.[endpoint];
    return hex === undefined ? undefined : fromHex(hex);
  };
  options.attach?.(link);
  const lost = new AbortController();
  const context: ProtocolContext = {
    advertisement: { kind: specifier.kind, name, address: link.address, ...options.advertisement },
    link,
    clock,
    log: pino({ level: 'silent' }),
    signal: lost.signal,
  };
  using _lost = link.on('disconnected', (reason) => lost.abort(new LinkError(reason)));
  return await clock.until(
    (async () => {
      const identifier = options.identifier ?? (definition.identify ? await definition.identify(context) : name);
      const model = modelFor(definition, identifier);
      const handler = await definition.open({ ...context, identifier, model });
      return new Driver(handler, model, identifier, link, clock, lost);
    })(),
  );
}

/** The model with this identifier, or the one for all others. */
function modelFor(definition: ProtocolDefinition, identifier: string): ModelDefinition {
  const found =
    definition.models.find((model) => model.identifiers.includes(identifier)) ??
    definition.models.find((model) => model.identifiers.length === 0);
  if (!found) throw new Error(`${definition.id} has no model for ${identifier}`);
  return found;
}

/** Whether a Bluetooth advertisement with this name would be taken for a device of this protocol. */
export function matchesName(definition: ProtocolDefinition, name: string): boolean {
  return definition.links.some(
    (link) =>
      link.kind === 'bluetooth' &&
      link.names.some((known) => (known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known)),
  );
}

const slotsOf = ({ slot, alsoSlots = [] }: DeviceWrite) => [slot, ...alsoSlots];

function outputTypes(feature: FeatureDefinition): OutputType[] {
  return OUTPUT_TYPES.filter((type) => feature.outputs[type]);
}

/** A toy whose motors can be looked at. */
class TestToy implements Toy {
  battery = 83;
  readonly #levels = new Map<string, number>();
  readonly #targets = new Map<number, number>();

  constructor(
    readonly name: string,
    readonly identifier: string,
    private readonly link: () => FakeLink | undefined,
  ) {}

  set(featureIndex: number, type: OutputType, level: number): void {
    this.#levels.set(`${featureIndex} ${type}`, level);
    if (isPositionType(type)) this.#targets.set(featureIndex, level);
  }

  move(featureIndex: number, target: number, _durationMs: number): void {
    this.#targets.set(featureIndex, target);
  }

  /** Every move is over at once. */
  position(featureIndex: number): number {
    return this.#targets.get(featureIndex) ?? 0;
  }

  notify(endpoint: Endpoint, data: Uint8Array): void {
    this.link()?.notify(endpoint, data);
  }

  /** 0 for a motor that was never set. */
  level(featureIndex: number, type: OutputType): number {
    return this.#levels.get(`${featureIndex} ${type}`) ?? 0;
  }

  target(featureIndex: number): number | undefined {
    return this.#targets.get(featureIndex);
  }
}

export interface SimulatedDevice {
  readonly driver: Driver;
  readonly toy: TestToy;
  readonly firmware: Firmware;
}

/** Connects the definition to simulated firmware: identification, initialisation and all. */
export async function openSimulated(
  definition: ProtocolDefinition,
  simulation: FirmwareDefinition,
  identifier: string,
): Promise<SimulatedDevice> {
  const name = simulation.advertisedName?.(identifier) ?? identifier;
  let link: FakeLink | undefined;
  const toy = new TestToy(name, identifier, () => link);
  const firmware = simulation.create(toy);
  const [specifier] = definition.links;
  const company = specifier?.kind === 'bluetooth' ? specifier.manufacturerData?.[0]?.company : undefined;
  const data = simulation.manufacturerData?.(identifier);
  const driver = await openProtocol(definition, {
    name,
    ...(company !== undefined && data && { advertisement: { manufacturerData: new Map([[company, data]]) } }),
    attach: (fresh) => {
      link = fresh;
      link.onWrite = (endpoint, data) => firmware.write(endpoint, data);
      link.onRead = (endpoint) => firmware.read?.(endpoint);
      link.onSubscribe = (endpoint) => firmware.subscribed?.(endpoint);
    },
  });
  return { driver, toy, firmware };
}

interface FollowOptions {
  /** Identifier to simulate for the model that has none. Default `unlisted`; null: leave that model out. */
  readonly unlisted?: string | null;
  readonly models?: readonly ModelDefinition[];
  /** Random orders per model. Default 25. */
  readonly runs?: number;
  /** Outputs that end by themselves at once, so that there is nothing to see afterwards. */
  readonly momentary?: readonly OutputType[];
}

/**
 * For every model: the simulated toy advertises a name the definition knows, is identified as itself, and its motors do what
 * they are told (one output at its maximum, a random level and 0, the other motors undisturbed).
 */
export async function expectFirmwareFollows(
  definition: ProtocolDefinition,
  simulation: FirmwareDefinition,
  options: FollowOptions = {},
): Promise<void> {
  for (const model of options.models ?? definition.models) {
    const unlisted = options.unlisted === null ? [] : [options.unlisted ?? 'unlisted'];
    for (const identifier of model.identifiers.length > 0 ? model.identifiers : unlisted) {
      await expectModelFollows(definition, simulation, model, identifier, options);
    }
  }
}

async function expectModelFollows(
  definition: ProtocolDefinition,
  simulation: FirmwareDefinition,
  model: ModelDefinition,
  identifier: string,
  { runs: numRuns = 25, momentary = [] }: FollowOptions,
): Promise<void> {
  const { driver, toy } = await openSimulated(definition, simulation, identifier);
  const about = `${definition.id} ${identifier}`;
  if (definition.links[0]?.kind === 'bluetooth' && !simulation.manufacturerData) {
    expect(matchesName(definition, toy.name), `${about}: "${toy.name}" is an advertised name`).toBe(true);
  }
  expect(driver.model.name, about).toBe(model.name);

  const outputs = model.features.flatMap((feature) =>
    outputTypes(feature)
      .filter((type) => !momentary.includes(type))
      .map((type) => ({
        index: feature.index,
        type,
        range: feature.outputs[type]?.value ?? [0, 0],
        duration: Math.min(700, feature.outputs[type]?.duration?.[1] ?? 0),
      })),
  );
  const levels = outputs.filter(({ type }) => !isPositionType(type));
  const motors = () => levels.map(({ index, type }) => `${index} ${type} ${toy.level(index, type)}`);
  const orders = () => levels.map(({ index, type }) => `${index} ${type} ${driver.levels.get(index, type)}`);

  for (const { index, type, range, duration } of outputs) {
    for (const value of [range[1], range[0], 0]) {
      driver.drive(index, type, value, duration);
      if (isPositionType(type)) {
        await driver.clock.advance(duration + 500);
        expect(toy.target(index), `${about}: ${type} ${value}`).toBe(value);
      } else {
        expect(motors(), `${about}: ${type} ${value}`).toEqual(orders());
      }
    }
  }
  if (levels.length > 0) {
    const anyOrder = fc
      .constantFrom(...levels)
      .chain(({ index, type, range }) =>
        fc.integer({ min: range[0], max: range[1] }).map((value) => ({ index, type, value })),
      );
    fc.assert(
      fc.property(anyOrder, ({ index, type, value }) => {
        driver.drive(index, type, value);
        expect(motors(), `${about}: ${type} ${value}`).toEqual(orders());
      }),
      { numRuns },
    );
  }
  driver.stop();
  expect(
    levels.filter(({ index, type }) => toy.level(index, type) !== 0),
    `${about}: everything stops`,
  ).toEqual([]);
  driver.close();
}
