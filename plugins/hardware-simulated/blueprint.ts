import {
  type Advertisement,
  type LinkSpecifier,
  type ModelDefinition,
  modelFor,
  PluginError,
  type ProtocolDefinition,
} from 'pulsegate/plugin';
import { firmwares } from './firmware/index.js';
import type { FirmwareDefinition } from './firmware.js';
import type { CatalogueModel } from './models.js';

/** How to build a toy of one model, so that the gateway finds it and takes it for that model. */
export interface Blueprint {
  readonly definition: ProtocolDefinition;
  readonly model: ModelDefinition;
  readonly specifier: LinkSpecifier;
  /** As the protocol's `identify` will find it. */
  readonly identifier: string;
  readonly advertisedName: string;
  /** Undefined: nobody has written down how such a device works inside. */
  readonly firmware: FirmwareDefinition | undefined;
}

/** Told by devices that no model lists. Protocols that tell numbers tell this one as well. */
const UNLISTED = '9999';

/** Rejects with a PluginError for a model that no device can be recognised as. */
export async function blueprintOf(
  plugin: string,
  { definition, model }: CatalogueModel,
  given: { readonly name?: string | undefined; readonly identifier?: string | undefined } = {},
): Promise<Blueprint> {
  const [specifier] = definition.links;
  if (!specifier) throw new PluginError(plugin, `No link is known for ${model.name}, so it cannot be simulated`);
  const firmware = await firmwares.get(definition.id)?.();
  const identifier = given.identifier ?? model.identifiers[0] ?? UNLISTED;
  const names = plausibleNames(specifier, model, identifier, firmware);
  const blueprint = { definition, model, specifier, firmware };
  if (definition.identify) {
    return { ...blueprint, identifier, advertisedName: given.name ?? names[0] ?? model.name };
  }
  // Without a way to ask, the name decides about the model.
  const name = names.find((candidate) => modelFor(definition, candidate) === model) ?? given.name;
  if (name !== undefined) return { ...blueprint, identifier: name, advertisedName: given.name ?? name };
  throw new PluginError(
    plugin,
    `${model.name} stands for devices whose names are not known, so it cannot be simulated; ${definition.brand} has other models that can`,
  );
}

/** Names that devices of the model might advertise, the likeliest first. */
function plausibleNames(
  specifier: LinkSpecifier,
  model: ModelDefinition,
  identifier: string,
  firmware: FirmwareDefinition | undefined,
): readonly string[] {
  switch (specifier.kind) {
    case 'bluetooth': {
      const { names, manufacturerData = [], advertisedServices = [] } = specifier;
      const own = firmware?.advertisedName?.(identifier);
      const isKnownOtherwise = manufacturerData.length > 0 || advertisedServices.length > 0;
      return [
        ...(own === undefined ? [] : [own]),
        ...[identifier, ...model.identifiers].filter((candidate) => names.some((known) => fits(known, candidate))),
        ...names.map((known) => (known.endsWith('*') ? `${known.slice(0, -1)}${identifier}` : known)),
        ...(isKnownOtherwise ? [...model.identifiers, model.name] : []),
      ];
    }
    case 'serial':
      return [specifier.port];
    case 'websocket':
      return [specifier.name];
    default:
      return [...model.identifiers, model.name];
  }
}

const fits = (known: string, name: string) =>
  known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known;

/** What a device built to this blueprint shows before it is connected. */
export function advertisementOf(
  { definition, specifier, advertisedName: name, firmware, identifier }: Blueprint,
  address: string,
): Advertisement {
  const { kind } = specifier;
  switch (kind) {
    case 'bluetooth': {
      const { manufacturerData: [data] = [], advertisedServices: services } = specifier;
      return {
        kind,
        name,
        address,
        ...(services && { services }),
        ...(data && {
          manufacturerData: new Map([
            [data.company, firmware?.manufacturerData?.(identifier) ?? Uint8Array.from(data.data ?? [])],
          ]),
        }),
      };
    }
    case 'hid':
    case 'usb':
      return { kind, name, address, ...specifier.pairs[0] };
    // A port does not tell what is behind it.
    case 'serial':
      return { kind, name, address, protocol: definition.id };
    default:
      return { kind, name, address };
  }
}
