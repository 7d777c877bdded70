import type { Advertisement, BluetoothSpecifier, LinkSpecifier } from '../devices/hardware.js';
import { PluginError } from '../errors.js';
import type { ModelDefinition, ProtocolDefinition } from './definition.js';

/** Where protocol plugins bring their definitions. */
export interface ProtocolRegistry {
  /** Throws a PluginError when the id is taken. */
  add(definition: ProtocolDefinition): Disposable;
  readonly definitions: Iterable<ProtocolDefinition>;
}

/** A protocol that claims a piece of hardware, and the link entry it claims it by. */
export interface Candidate {
  readonly definition: ProtocolDefinition;
  readonly specifier: LinkSpecifier;
}

/**
 * How well an entry fits, best first: several protocols may claim one advertisement, and the most specific claim is tried
 * first, always in the same order (facts: B38).
 */
const Fit = { exactName: 0, namePrefix: 1, manufacturerData: 2, advertisedService: 3, none: 4 } as const;

/** Every known protocol, and which of them claim a piece of hardware. */
export class Catalogue implements ProtocolRegistry {
  readonly #definitions = new Map<string, ProtocolDefinition>();

  get definitions(): Iterable<ProtocolDefinition> {
    return this.#definitions.values();
  }

  add(definition: ProtocolDefinition): Disposable {
    if (this.#definitions.has(definition.id)) {
      throw new PluginError(definition.id, `There is already a protocol named ${definition.id}`);
    }
    this.#definitions.set(definition.id, definition);
    return { [Symbol.dispose]: () => this.#definitions.delete(definition.id) };
  }

  /** Protocols that claim this hardware, most specific first. */
  candidates(advertisement: Advertisement): readonly Candidate[] {
    const found: { readonly candidate: Candidate; readonly fit: number; readonly length: number }[] = [];
    for (const definition of this.#definitions.values()) {
      for (const specifier of definition.links) {
        const { fit, length } = fitOf(specifier, advertisement);
        if (fit < Fit.none) found.push({ candidate: { definition, specifier }, fit, length });
      }
    }
    return found
      .sort(
        (left, right) =>
          left.fit - right.fit ||
          right.length - left.length ||
          left.candidate.definition.id.localeCompare(right.candidate.definition.id),
      )
      .map(({ candidate }) => candidate);
  }
}

/** The model with this identifier, else the protocol's default. */
export function modelFor(definition: ProtocolDefinition, identifier: string): ModelDefinition | undefined {
  return (
    definition.models.find(({ identifiers }) => identifiers.includes(identifier)) ??
    definition.models.find(({ identifiers }) => identifiers.length === 0)
  );
}

interface FitResult {
  readonly fit: number;
  /** Length of what matched: a longer prefix is the more specific one. */
  readonly length: number;
}

const NO_FIT: FitResult = { fit: Fit.none, length: 0 };
const exact = (length: number): FitResult => ({ fit: Fit.exactName, length });

function fitOf(specifier: LinkSpecifier, advertisement: Advertisement): FitResult {
  if (specifier.kind !== advertisement.kind) return NO_FIT;
  switch (specifier.kind) {
    case 'bluetooth':
      return bluetoothFit(specifier, advertisement);
    case 'serial':
      return specifier.port === advertisement.name ? exact(specifier.port.length) : NO_FIT;
    case 'hid':
    case 'usb':
      return specifier.pairs.some(
        ({ vendorId, productId }) => vendorId === advertisement.vendorId && productId === advertisement.productId,
      )
        ? exact(0)
        : NO_FIT;
    case 'websocket':
      return specifier.name === advertisement.name ? exact(specifier.name.length) : NO_FIT;
    case 'xinput':
    case 'lovense-connect':
    case 'remote':
      return exact(0);
  }
}

function bluetoothFit(specifier: BluetoothSpecifier, advertisement: Advertisement): FitResult {
  const { name } = advertisement;
  if (specifier.names.includes(name)) return exact(name.length);
  const prefixes = specifier.names.filter((known) => known.endsWith('*') && name.startsWith(known.slice(0, -1)));
  if (prefixes.length > 0) {
    return { fit: Fit.namePrefix, length: Math.max(...prefixes.map((prefix) => prefix.length)) };
  }
  if (
    specifier.manufacturerData?.some(({ company, data }) => carries(advertisement.manufacturerData?.get(company), data))
  ) {
    return { fit: Fit.manufacturerData, length: 0 };
  }
  if (specifier.advertisedServices?.some((service) => advertisement.services?.includes(service))) {
    return { fit: Fit.advertisedService, length: 0 };
  }
  return NO_FIT;
}

/** The known bytes lie somewhere within the advertised ones; the other way round proves nothing (facts: device-hardware, §4). */
function carries(advertised: Uint8Array | undefined, known: readonly number[] | undefined): boolean {
  if (!advertised) return false;
  if (!known) return true;
  return Buffer.from(advertised).includes(Buffer.from(known));
}
