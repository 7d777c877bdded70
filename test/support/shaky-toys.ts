import {
  type Advertisement,
  type Clock,
  type Discovery,
  type Endpoint,
  type HardwareLink,
  isPositionType,
  LinkError,
  type LinkSpecifier,
  type ModelDefinition,
  OUTPUT_TYPES,
  type OutputType,
  type ProtocolDefinition,
} from 'pulsegate/plugin';
import { Catalogue } from '../../core/catalogue/catalogue.js';
import type { Peripheral } from '../../plugins/hardware-simulated/peripheral.js';
import { boot } from './boot.js';
import { simulatedModels, simulationOf } from './simulated-models.js';
import { toyOf } from './simulation.js';
import { TestHardware } from './test-hardware.js';

/** Simulated toys behind links that refuse what the test wants them to refuse. */

/** Longer than any initialisation, ms. */
const STARTED_MS = 10_000;

export interface LevelledOutput {
  readonly index: number;
  readonly type: OutputType;
  readonly least: number;
  readonly most: number;
}

/** Outputs that stay at a level; a spray ends by itself. */
export const levelledOutputs = ({ features }: ModelDefinition): readonly LevelledOutput[] =>
  features.flatMap((feature) =>
    OUTPUT_TYPES.filter((type) => !isPositionType(type) && type !== 'Spray').flatMap((type) => {
      const [least, most] = feature.outputs[type]?.value ?? [0, 0];
      return most > 0 ? [{ index: feature.index, type, least, most }] : [];
    }),
  );

/** After so many refusals in a row a link counts as broken, so there is never one more. */
const MOST_REFUSALS = 2;

/** A toy whose link is in the test's hands. */
export class ShakyToy implements Discovery {
  readonly advertisement: Advertisement;
  /** This many of the next writes are refused. */
  refusals = 0;
  /** Which writes are refused besides, by their number since the toy was there. */
  refuses: (place: number) => boolean = () => false;
  /** How long each write takes, ms; the next one waits. */
  latencyMs = 0;
  /** Called after each packet that the toy got. */
  onTaken: (hex: string) => void = () => {};
  #refusedInRow = 0;
  #writes = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(
    private readonly peripheral: Peripheral,
    private readonly clock: Clock,
    private readonly needsKeepalive: boolean,
  ) {
    this.advertisement = peripheral.advertisement;
  }

  get connected(): boolean {
    return this.peripheral.toy.connected;
  }

  /** What the motors do, in the toy's own steps. */
  level(index: number, type: OutputType): number {
    return this.peripheral.toy.outputs.find((state) => state.feature === index && state.type === type)?.level ?? 0;
  }

  #refuse(): void {
    const place = this.#writes;
    this.#writes += 1;
    const isRefused = this.refusals > 0 && this.#refusedInRow < MOST_REFUSALS;
    if (isRefused) this.refusals -= 1;
    this.#refusedInRow = isRefused ? this.#refusedInRow + 1 : 0;
    if (isRefused || this.refuses(place)) throw new LinkError(`${this.advertisement.name} did not take a packet`);
  }

  async connect(specifier: LinkSpecifier, signal: AbortSignal): Promise<HardwareLink> {
    const link = await this.peripheral.connect(specifier, signal);
    const pass = async (endpoint: Endpoint, data: Uint8Array) => {
      if (this.latencyMs > 0) await this.clock.sleep(this.latencyMs);
      this.#refuse();
      await link.write(endpoint, data);
      this.onTaken(Buffer.from(data).toString('hex'));
    };
    const write = (endpoint: Endpoint, data: Uint8Array) => {
      const passed = this.#written.then(() => pass(endpoint, data));
      this.#written = passed.catch(() => {});
      return passed;
    };
    return {
      name: link.name,
      address: link.address,
      kind: link.kind,
      endpoints: link.endpoints,
      messageGapMs: link.messageGapMs,
      needsKeepalive: this.needsKeepalive,
      on: (event, listener) => link.on(event, listener),
      write,
      read: (endpoint) => link.read(endpoint),
      subscribe: (endpoint) => link.subscribe(endpoint),
      unsubscribe: (endpoint) => link.unsubscribe(endpoint),
      disconnect: () => link.disconnect(),
    };
  }
}

/** One model for each set of outputs that simulated toys of the protocol have, those with the most outputs first. */
export function modelsOfEveryKind(definition: ProtocolDefinition): readonly ModelDefinition[] {
  const kinds = new Map<string, ModelDefinition>();
  for (const model of simulatedModels(definition)) {
    const outputs = levelledOutputs(model).map(({ index, type, least }) => [index, type, least < 0]);
    const kind = JSON.stringify([model.variant, outputs]);
    if (outputs.length > 0 && !kinds.has(kind)) kinds.set(kind, model);
  }
  return [...kinds.values()].toSorted((left, right) => levelledOutputs(right).length - levelledOutputs(left).length);
}

/** A gateway with a toy of each of these models, in this order, and a client; `show` brings a further one. */
export async function bootShaky(
  definition: ProtocolDefinition,
  models: readonly ModelDefinition[],
  { needsKeepalive = false }: { readonly needsKeepalive?: boolean } = {},
) {
  const hardware = new TestHardware();
  const gateway = await boot({ plugins: [hardware.plugin] });
  const catalogue = new Catalogue();
  catalogue.add(definition);
  const toys: ShakyToy[] = [];
  const show = async (model: ModelDefinition, prepare: (toy: ShakyToy) => void = () => {}) => {
    const wanted = { ...simulationOf(definition, model), address: `shaky:${toys.length}` };
    const toy = new ShakyToy(await toyOf(catalogue, gateway.clock, wanted), gateway.clock, needsKeepalive);
    toys.push(toy);
    prepare(toy);
    hardware.show(toy);
    await gateway.clock.advance(STARTED_MS);
    return toy;
  };
  for (const model of models) await show(model);
  return { gateway, toys, show, client: await gateway.connect() };
}
