import {
  type AnnouncedDevice,
  type AnnouncedFeature,
  INPUT_TYPES,
  type InputType,
  OUTPUT_TYPES,
  type OutputType,
} from '../protocol/model.js';

/** Devices that a client may see and use. One with neither name nor index covers every device; several add up. */
export interface DeviceGrant {
  /** Name of the device; `*` stands for any text, case does not count. Compared with the device's name and its display name. */
  readonly name?: string | undefined;
  readonly index?: number | undefined;
  /**
   * Features by index, or by the name of an output or input type ("Vibrate", "Battery", case does not count), or by the
   * feature's description (case does not count). A type's name always means the type. Absent: all of the device.
   */
  readonly features?: readonly (number | string)[] | undefined;
}

type FeatureName = Pick<AnnouncedFeature, 'index' | 'description'>;

const TYPES: ReadonlyMap<string, string> = new Map(
  [...OUTPUT_TYPES, ...INPUT_TYPES].map((type) => [type.toLowerCase(), type]),
);

/** Features of a device: some with all they have, of others only outputs and inputs of some types. */
export class FeatureSelection {
  readonly #indexes = new Set<number>();
  readonly #types = new Set<string>();
  readonly #descriptions = new Set<string>();

  constructor(entries: readonly (number | string)[]) {
    for (const entry of entries) {
      if (typeof entry === 'number') this.#indexes.add(entry);
      else {
        const type = TYPES.get(entry.toLowerCase());
        if (type) this.#types.add(type);
        // Many features have no description; nothing can be meant by it.
        else if (entry !== '') this.#descriptions.add(entry.toLowerCase());
      }
    }
  }

  has(feature: FeatureName, type: OutputType | InputType): boolean {
    return this.#types.has(type) || this.#hasAllOf(feature);
  }

  /** The device with nothing but these features; undefined when it has none of them. */
  narrow(device: AnnouncedDevice): AnnouncedDevice | undefined {
    const features = device.features.flatMap((feature) => this.#narrowFeature(feature) ?? []);
    // Raw messages reach every feature.
    return features.length === 0 ? undefined : { ...device, features, rawEndpoints: [], isPart: true };
  }

  #narrowFeature(feature: AnnouncedFeature): AnnouncedFeature | undefined {
    if (this.#hasAllOf(feature)) return feature;
    const outputs = Object.fromEntries(Object.entries(feature.outputs).filter(([type]) => this.#types.has(type)));
    const inputs = Object.fromEntries(Object.entries(feature.inputs).filter(([type]) => this.#types.has(type)));
    const hasOutputs = Object.keys(outputs).length > 0;
    return hasOutputs || Object.keys(inputs).length > 0 ? { ...feature, hasOutputs, outputs, inputs } : undefined;
  }

  #hasAllOf({ index, description }: FeatureName): boolean {
    return this.#indexes.has(index) || this.#descriptions.has(description.toLowerCase());
  }
}

/** The grants of one client. */
export class Grants {
  readonly #grants: readonly { readonly covers: (device: AnnouncedDevice) => boolean; readonly grant: DeviceGrant }[];

  constructor(grants: readonly DeviceGrant[]) {
    this.#grants = grants.map((grant) => ({ grant, covers: coverage(grant) }));
  }

  /** What the client may use of a device: everything, or some of its features, which may be none. */
  of(device: AnnouncedDevice): 'everything' | FeatureSelection {
    const granted = this.#grants.filter(({ covers }) => covers(device)).map(({ grant }) => grant.features);
    if (granted.includes(undefined)) return 'everything';
    return new FeatureSelection(granted.flatMap((features) => features ?? []));
  }
}

function coverage({ name, index }: DeviceGrant): (device: AnnouncedDevice) => boolean {
  const pattern = name === undefined ? undefined : anyTextFor(name);
  return (device) =>
    (index === undefined || index === device.index) &&
    (pattern === undefined || [device.name, device.displayName].some((own) => own !== undefined && pattern.test(own)));
}

const anyTextFor = (name: string) => new RegExp(`^${name.split('*').map(RegExp.escape).join('.*')}$`, 'isu');
