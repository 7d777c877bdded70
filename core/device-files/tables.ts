import type { FeatureDefinition, ModelDefinition } from '../catalogue/definition.js';
import type { KnownTypes } from '../catalogue/known-types.js';
import type { ProtocolTable } from '../catalogue/tables.js';
import type { Path } from '../config/issues.js';
import type { LinkSpecifier } from '../hardware/contract.js';
import {
  INPUT_TYPES,
  type InputProperties,
  type InputType,
  OUTPUT_TYPES,
  type OutputProperties,
  type OutputType,
  type Range,
} from '../protocol/model.js';
import type { DeviceDocument } from './document.js';
import { Communication, type Feature, fits, Model, Protocol } from './shapes.js';

/**
 * The table of one protocol. Whatever does not fit is left out by itself, and noted in the document.
 *
 * @param inherits models without features of their own have those of the defaults (not so in user files)
 * @param known outputs and inputs of other types are left out of the models; undefined: all are taken
 */
export function tableIn(
  document: DeviceDocument,
  content: unknown,
  path: Path,
  { inherits, known }: { readonly inherits: boolean; readonly known: KnownTypes | undefined },
): ProtocolTable | undefined {
  if (!fits.protocol.Check(content)) {
    document.leaveOutMisfit(path, Protocol, content);
    return undefined;
  }
  const links = (content.communication ?? []).flatMap((entry, at) =>
    linkIn(document, entry, [...path, 'communication', at]),
  );
  const read = (entry: unknown, at: Path) => modelIn(document, entry, at, known);
  const base = inherits && content.defaults !== undefined ? read(content.defaults, [...path, 'defaults']) : undefined;
  const models = new Map<string, ModelDefinition>();
  for (const [at, entry] of (content.configurations ?? []).entries()) {
    const place = [...path, 'configurations', at];
    const own = read(entry, place);
    if (!own) continue;
    if (own.identifiers.length === 0) {
      document.leaveOut(place, 'a configuration without an identifier');
      continue;
    }
    const model = complete(own, base);
    // An identifier that comes twice belongs to the later one (facts: device-hardware, §2.5).
    for (const identifier of model.identifiers) models.set(identifier, model);
  }
  return { links, models: [...(base ? [defaultOf(base)] : []), ...withOwnIdentifiers(models)] };
}

/** A model as it stands in the file: without features of its own, it has those of the defaults. */
type Written = Omit<ModelDefinition, 'features'> & { readonly features: readonly FeatureDefinition[] | undefined };

const defaultOf = (base: Written): ModelDefinition => ({ ...base, identifiers: [], features: base.features ?? [] });

function complete(own: Written, base: Written | undefined): ModelDefinition {
  const { variant = base?.variant, messageGapMs = base?.messageGapMs, features = base?.features ?? [] } = own;
  return {
    ...own,
    features,
    ...(variant !== undefined && { variant }),
    ...(messageGapMs !== undefined && { messageGapMs }),
  };
}

/** Each model once, with the identifiers that are left to it. */
function withOwnIdentifiers(models: ReadonlyMap<string, ModelDefinition>): ModelDefinition[] {
  const identifiers = new Map<ModelDefinition, string[]>();
  for (const [identifier, model] of models) identifiers.set(model, [...(identifiers.get(model) ?? []), identifier]);
  return [...identifiers].map(([model, own]) => ({ ...model, identifiers: own }));
}

function modelIn(
  document: DeviceDocument,
  entry: unknown,
  path: Path,
  known: KnownTypes | undefined,
): Written | undefined {
  if (!fits.model.Check(entry)) {
    document.leaveOutMisfit(path, Model, entry);
    return undefined;
  }
  const { identifier: identifiers = [], name, id, protocol_variant: variant, message_gap_ms: messageGapMs } = entry;
  const place = [...path, 'features'];
  const written = known && entry.features ? knownOnly(document, entry.features, place, known) : entry.features;
  const features = written && featuresIn(written);
  if (typeof features === 'string') {
    document.leaveOut(place, features);
    return undefined;
  }
  return {
    identifiers,
    name,
    features,
    ...(id !== undefined && { id: id.toLowerCase() }),
    ...(variant !== undefined && { variant }),
    ...(messageGapMs !== undefined && { messageGapMs }),
  };
}

/** Or a sentence about what contradicts itself. */
function featuresIn(entries: readonly Feature[]): readonly FeatureDefinition[] | string {
  const features: FeatureDefinition[] = [];
  for (const entry of entries) {
    if (features.some(({ index }) => index === entry.index)) return `there are two features with index ${entry.index}`;
    const outputs: { [T in OutputType]?: OutputProperties } = {};
    for (const [name, { value, duration }] of Object.entries(entry.output ?? {})) {
      const type = typeNamed(OUTPUT_TYPES, name);
      if (!type) return `nobody knows an output "${name.slice(0, 40)}"`;
      if (!isRange(value) || (duration && !isRange(duration))) return `the range of ${name} ends before it begins`;
      if (type === 'HwPositionWithDuration' && !duration) return `${name} has no duration`;
      outputs[type] = type === 'HwPositionWithDuration' && duration ? { value, duration } : { value };
    }
    const inputs: { [T in InputType]?: InputProperties } = {};
    for (const [name, { value, command: commands }] of Object.entries(entry.input ?? {})) {
      const type = typeNamed(INPUT_TYPES, name);
      if (!type) return `nobody knows an input "${name.slice(0, 40)}"`;
      if (!value.every(isRange)) return `the range of ${name} ends before it begins`;
      inputs[type] = { value, commands };
    }
    const { index, id, description = '' } = entry;
    features.push({ index, description, outputs, inputs, ...(id !== undefined && { id: id.toLowerCase() }) });
  }
  return features.sort((left, right) => left.index - right.index);
}

/** What of the features the protocol's handler knows. It would take anything else for something that it is not. */
function knownOnly(document: DeviceDocument, entries: readonly Feature[], path: Path, known: KnownTypes): Feature[] {
  const isKnown = <T extends string>(place: Path, type: T | undefined, types: ReadonlySet<T>) => {
    if (!type || types.has(type)) return true;
    document.leaveOut([...path, ...place], `no device of this protocol is known to have ${type}`);
    return false;
  };
  return entries.map((entry, at) => ({
    ...entry,
    output: withKeys(entry.output ?? {}, (name) =>
      isKnown([at, 'output', name], typeNamed(OUTPUT_TYPES, name), known.outputs),
    ),
    input: withKeys(entry.input ?? {}, (name) =>
      isKnown([at, 'input', name], typeNamed(INPUT_TYPES, name), known.inputs),
    ),
  }));
}

const withKeys = <T>(written: Readonly<Record<string, T>>, isWanted: (key: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(written).filter(([key]) => isWanted(key)));

const isRange = ([low, high]: Range) => low <= high && high >= 0;

/** `hw_position_with_duration` is HwPositionWithDuration. */
export const typeNamed = <T extends string>(types: readonly T[], name: string): T | undefined =>
  types.find((type) => type.toLowerCase() === name.replaceAll('_', '').toLowerCase());

function linkIn(document: DeviceDocument, entry: unknown, path: Path): LinkSpecifier[] {
  if (fits.communication.Check(entry)) return linkOf(entry);
  document.leaveOutMisfit(path, Communication, entry);
  return [];
}

const pairsOf = (pairs: readonly { readonly vendor_id: number; readonly product_id: number }[]) =>
  pairs.map(({ vendor_id: vendorId, product_id: productId }) => ({ vendorId, productId }));

function linkOf({ btle, serial, hid, usb, websocket, xinput }: Communication): LinkSpecifier[] {
  if (serial) return [{ kind: 'serial', port: serial.port, baudRate: serial.baud_rate }];
  if (hid) return [{ kind: 'hid', pairs: pairsOf(hid.pairs) }];
  if (usb) return [{ kind: 'usb', pairs: pairsOf(usb.pairs) }];
  if (websocket) return [{ kind: 'websocket', name: websocket.name }];
  if (!btle) return [{ kind: xinput ? 'xinput' : 'lovense-connect' }];
  const { names, services, manufacturer_data: manufacturerData, advertised_services: advertisedServices } = btle;
  const lowerCased = Object.entries(services).map(([service, endpoints]) => [
    service.toLowerCase(),
    Object.fromEntries(Object.entries(endpoints).map(([name, id]) => [name, id.toLowerCase()])),
  ]);
  return [
    {
      kind: 'bluetooth',
      names,
      services: Object.fromEntries(lowerCased),
      ...(manufacturerData && { manufacturerData }),
      ...(advertisedServices && { advertisedServices: advertisedServices.map((id) => id.toLowerCase()) }),
    },
  ];
}
