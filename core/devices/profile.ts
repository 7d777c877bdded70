import type { FeatureDefinition, ModelDefinition } from '../catalogue/definition.js';
import type { Clock } from '../clock.js';
import { describeError } from '../errors.js';
import { type AnnouncedDevice, type AnnouncedFeature, OUTPUT_TYPES, type OutputType } from '../protocol/model.js';
import { LimitedRange, type UserLimit } from './limits.js';
import { Output } from './output.js';
import type { DeviceSettings } from './settings-file.js';

/** A model together with what the user set for this device. */
export interface Profile {
  /** Ascending by feature index; a feature's outputs in the order of OUTPUT_TYPES. */
  readonly outputs: readonly Output[];
  readonly features: readonly AnnouncedFeature[];
  /** What in the settings does not fit this device, as sentences for the log. */
  readonly warnings: readonly string[];
}

export function buildProfile(model: ModelDefinition, settings: DeviceSettings | undefined, clock: Clock): Profile {
  const warnings: string[] = [];
  const outputs = model.features.flatMap((feature) => featureOutputs(feature, settings, clock, warnings));
  const features = model.features
    .filter((feature) => Object.keys(feature.outputs).length + Object.keys(feature.inputs).length > 0)
    .map((feature) => announceFeature(feature, outputs));
  for (const index of Object.keys(settings?.features ?? {})) {
    if (!model.features.some((feature) => feature.index === Number(index))) {
      warnings.push(`the settings name feature ${index}, which this device does not have`);
    }
  }
  return { outputs, features, warnings };
}

function featureOutputs(
  feature: FeatureDefinition,
  settings: DeviceSettings | undefined,
  clock: Clock,
  warnings: string[],
): Output[] {
  const limits = settings?.features?.[feature.index] ?? {};
  return OUTPUT_TYPES.flatMap((type) => {
    const base = feature.outputs[type];
    if (!base) {
      if (limits[type])
        warnings.push(`the settings limit ${type} of feature ${feature.index}, which has no such output`);
      return [];
    }
    return [new Output(feature, type, limitedRange(type, base, limits[type], feature.index, warnings), clock)];
  });
}

/** A limit that does not fit is narrowed to what does; where nothing fits, the output stays off rather than unlimited. */
function limitedRange(
  type: OutputType,
  base: NonNullable<FeatureDefinition['outputs'][OutputType]>,
  limit: UserLimit | undefined,
  featureIndex: number,
  warnings: string[],
): LimitedRange {
  try {
    return new LimitedRange(type, base, limit);
  } catch (error) {
    const [low, top] = limit?.range ?? base.value;
    const narrowed = { ...limit, range: [low, Math.min(top, base.value[1])] as const };
    if (low <= narrowed.range[1]) {
      warnings.push(`feature ${featureIndex}: ${describeError(error)}; ${narrowed.range[1]} is used as its top`);
      return new LimitedRange(type, base, narrowed);
    }
    warnings.push(`feature ${featureIndex}: ${describeError(error)}; the output is disabled until that is corrected`);
    return new LimitedRange(type, base, { disabled: true });
  }
}

function announceFeature(feature: FeatureDefinition, outputs: readonly Output[]): AnnouncedFeature {
  const enabled = outputs.filter((output) => output.feature === feature && !output.range.disabled);
  return {
    index: feature.index,
    description: feature.description,
    hasOutputs: Object.keys(feature.outputs).length > 0,
    outputs: Object.fromEntries(enabled.map((output) => [output.type, output.range.announced])),
    inputs: feature.inputs,
  };
}

export function announce(
  index: number,
  model: ModelDefinition,
  profile: Profile,
  settings: DeviceSettings | undefined,
  messageGapMs: number,
  endpoints: ReadonlySet<string>,
): AnnouncedDevice {
  return {
    index,
    name: model.name,
    displayName: settings?.displayName ?? model.displayName,
    messageGapMs,
    features: profile.features,
    rawEndpoints: settings?.raw ? [...endpoints].sort() : [],
  };
}
