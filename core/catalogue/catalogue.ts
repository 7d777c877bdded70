import { PluginError } from '../errors.js';
import type { Advertisement } from '../hardware/contract.js';
import type { ModelDefinition, ProtocolDefinition } from './definition.js';
import { type Candidate, Matcher } from './matching.js';
import { type DeviceTables, NO_TABLES, withTables } from './tables.js';

export interface AddOptions {
  /** `devices.catalogue` may take its place. Default false. */
  readonly isReplaceable?: boolean;
}

/** Where protocol plugins bring their definitions. */
export interface ProtocolRegistry {
  /** Throws a PluginError when the id is taken. */
  add(definition: ProtocolDefinition, options?: AddOptions): Disposable;
  /** Those that there are now. */
  readonly definitions: readonly ProtocolDefinition[];
}

/** Every known protocol, and which of them claim a piece of hardware. */
export class Catalogue implements ProtocolRegistry {
  readonly #definitions = new Map<string, ProtocolDefinition>();
  readonly #offered = new Set<string>();
  #matcher: Matcher | undefined;

  constructor(private readonly tables: DeviceTables = NO_TABLES) {}

  get definitions(): readonly ProtocolDefinition[] {
    return [...this.#definitions.values()];
  }

  /** Protocols that files have tables of and that nobody has brought. */
  get missing(): readonly string[] {
    const { replacement = new Map(), additions } = this.tables;
    return [...new Set([...replacement.keys(), ...additions.keys()])].filter((id) => !this.#offered.has(id)).sort();
  }

  add(definition: ProtocolDefinition, { isReplaceable = false }: AddOptions = {}): Disposable {
    const { id } = definition;
    if (this.#offered.has(id)) throw new PluginError(id, `There is already a protocol named ${id}`);
    this.#offered.add(id);
    const effective = withTables(definition, this.tables, isReplaceable);
    if (effective) this.#definitions.set(id, effective);
    this.#matcher = undefined;
    return {
      [Symbol.dispose]: () => {
        this.#offered.delete(id);
        this.#definitions.delete(id);
        this.#matcher = undefined;
      },
    };
  }

  /** Protocols that claim this hardware, most specific first; what a person has added before everything else. */
  candidates(advertisement: Advertisement): readonly Candidate[] {
    this.#matcher ??= new Matcher(this.#definitions.values(), this.#added);
    return this.#matcher.find(advertisement);
  }

  get #added() {
    return new Set([...this.tables.additions.values()].flatMap(({ links }) => links));
  }
}

/** The model with this identifier, else the protocol's default. */
export function modelFor(definition: ProtocolDefinition, identifier: string): ModelDefinition | undefined {
  return (
    definition.models.find(({ identifiers }) => identifiers.includes(identifier)) ??
    definition.models.find(({ identifiers }) => identifiers.length === 0)
  );
}
