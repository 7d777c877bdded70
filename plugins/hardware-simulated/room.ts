import { type Clock, PluginError, type ProtocolDefinition } from 'pulsegate/plugin';
import { blueprintOf } from './blueprint.js';
import type { SimulationConfig } from './config.js';
import { findModel } from './models.js';
import { Peripheral } from './peripheral.js';
import { Random } from './random.js';
import { SignalStrength } from './signal.js';
import { SimulatedToy } from './toy.js';

interface RoomOptions {
  /** Name of the plugin, for errors. */
  readonly plugin: string;
  readonly config: SimulationConfig;
  readonly definitions: Iterable<ProtocolDefinition>;
  readonly clock: Clock;
  readonly onListenerError: (error: unknown, event: string) => void;
}

/** Builds everything the configuration asks for. Rejects with a PluginError when it asks for what cannot be. */
export async function furnish(options: RoomOptions): Promise<readonly Peripheral[]> {
  const { plugin, config, definitions, clock, onListenerError } = options;
  const catalogue = [...definitions];
  const planned = await Promise.all(
    config.devices.map(async (device) => {
      const model = findModel(plugin, catalogue, device);
      return { device, blueprint: await blueprintOf(plugin, model, device) };
    }),
  );
  const counts = new Map<string, number>();
  const addresses = new Set<string>();
  return planned.map(({ device, blueprint }) => {
    const slug = slugOf(blueprint.model.name);
    const count = (counts.get(slug) ?? 0) + 1;
    counts.set(slug, count);
    const id = `${slug}-${count}`;
    const address = device.address ?? `simulated:${id}`;
    if (addresses.has(address)) throw new PluginError(plugin, `Two simulated devices have the address ${address}`);
    addresses.add(address);
    return new Peripheral(new SimulatedToy(blueprint, { id, address }, device.battery, clock), device, {
      clock,
      random: new Random(config.seed, `${id} packets`),
      signal: new SignalStrength(clock, new Random(config.seed, `${id} signal`)),
      onListenerError,
    });
  });
}

/** Letters and digits of the plain alphabet, with dashes between. */
function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();
  return (
    plain
      .split(/[^a-z0-9]+/)
      .filter(Boolean)
      .join('-') || 'device'
  );
}
