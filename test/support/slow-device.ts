import { pino } from 'pino';
import {
  type DeviceOutput,
  type HardwareLink,
  isPositionType,
  type ModelDefinition,
  modelFor,
  OUTPUT_TYPES,
  type OutputType,
  type ProtocolDefinition,
  type ProtocolHandler,
} from 'pulsegate/plugin';
import type { Catalogue } from '../../core/catalogue/catalogue.js';
import { Device } from '../../core/devices/device.js';
import type { SimulatedToy } from '../../plugins/hardware-simulated/toy.js';
import { FakeClock } from './fake-clock.js';
import { toyOf } from './simulation.js';

/** A packet that set out for the toy, and the order it was made for; undefined: the protocol sent it by itself. */
export interface SentPacket {
  readonly data: Uint8Array;
  readonly order: NumberedOrder | undefined;
}

interface NumberedOrder extends DeviceOutput {
  /** Grows with every order that was encoded. */
  readonly serial: number;
}

export interface SlowLink {
  /** How long every packet takes, ms. */
  readonly latency: number;
  /** Least time between two batches, ms. */
  readonly messageGap: number;
}

/** One output with its range, in device steps. */
export interface RangedOutput {
  readonly index: number;
  readonly type: OutputType;
  readonly value: readonly [number, number];
  readonly duration?: readonly [number, number];
}

export const keyOf = ({ index, type }: Pick<RangedOutput, 'index' | 'type'>) => `${index} ${type}`;

/** A device with its handler and its queue, on a simulated link that takes its time; its toy's motors can be looked at. */
export class SlowDevice {
  /** Oldest first. */
  readonly sent: SentPacket[] = [];
  /** Packets that have been made for orders. */
  made = 0;
  readonly device: Device;
  #serial = 0;

  private constructor(
    readonly definition: ProtocolDefinition,
    readonly model: ModelDefinition,
    readonly toy: SimulatedToy,
    readonly clock: FakeClock,
    handler: ProtocolHandler,
    link: HardwareLink,
    lifetime: AbortController,
  ) {
    const orders = new Map<Uint8Array, NumberedOrder>();
    const write = link.write.bind(link);
    link.write = (endpoint, data, options) => {
      this.sent.push({ data, order: orders.get(data) });
      return write(endpoint, data, options);
    };
    this.device = new Device({
      index: 0,
      wasKnown: false,
      identity: { protocol: definition.id, identifier: toy.identifier, address: toy.address },
      definition,
      model,
      handler: {
        ...handler,
        output: (order, levels) => {
          this.#serial += 1;
          const numbered = { ...order, serial: this.#serial };
          const writes = handler.output(order, levels).map((packet) => ({ ...packet, data: packet.data.slice() }));
          for (const { data } of writes) orders.set(data, numbered);
          this.made += writes.length;
          return writes;
        },
      },
      link,
      settings: undefined,
      lifetime,
      clock,
      log: pino({ level: 'silent' }),
      onReading: () => {},
      onOutput: () => {},
    });
  }

  /** Connects to a toy of the model. Undefined: no device is recognised as this model. */
  static async open(
    catalogue: Catalogue,
    definition: ProtocolDefinition,
    model: ModelDefinition,
    quality: SlowLink,
  ): Promise<SlowDevice | undefined> {
    const clock = new FakeClock();
    const peripheral = await simulated(catalogue, clock, { model: model.name, protocol: definition.id, ...quality });
    const [specifier] = definition.links;
    if (!peripheral || !specifier) return undefined;
    const lifetime = new AbortController();
    const link = await clock.until(peripheral.connect(specifier, lifetime.signal));
    const { advertisement } = peripheral;
    const context = { advertisement, link, clock, log: pino({ level: 'silent' }), signal: lifetime.signal };
    return clock.until(
      (async () => {
        const identifier = (await definition.identify?.(context)) ?? advertisement.name;
        const found = modelFor(definition, identifier);
        if (found !== model) return undefined;
        const handler = await definition.open({ ...context, identifier, model });
        return new SlowDevice(definition, model, peripheral.toy, clock, handler, link, lifetime);
      })(),
    );
  }

  /** Orders that have been encoded so far. */
  get serial(): number {
    return this.#serial;
  }

  get outputs(): readonly RangedOutput[] {
    return this.device.announced.features.flatMap(({ index, outputs }) =>
      OUTPUT_TYPES.flatMap((type) => (outputs[type] ? [{ index, type, ...outputs[type] }] : [])),
    );
  }

  /** Gives an order in device steps; a duration counts for timed moves only, ms. */
  order({ index, type, duration }: RangedOutput, value: number, durationMs: number, driver = 'somebody'): void {
    const command = { deviceIndex: 0, featureIndex: index, type, value };
    this.device.output({ ...command, ...(duration && { duration: durationMs }) }, driver);
  }

  /** What a motor does, in device steps. */
  motor({ index, type }: RangedOutput): number {
    return this.toy.outputs.find((output) => output.feature === index && output.type === type)?.level ?? 0;
  }

  /** Motors that are on. */
  get running(): readonly string[] {
    return this.outputs
      .filter((output) => !isPositionType(output.type) && this.motor(output) !== 0)
      .map((output) => `${keyOf(output)} ${this.motor(output)}`);
  }
}

async function simulated(
  catalogue: Catalogue,
  clock: FakeClock,
  { latency, messageGap, ...device }: { readonly model: string; readonly protocol: string } & SlowLink,
) {
  try {
    return await toyOf(catalogue, clock, { ...device, latency, messageGap });
  } catch {
    // A model for devices whose names nobody knows.
    return undefined;
  }
}
