import type { InputType, OutputType, Range } from './outputs.js';

/** Devices in the form of the protocol (spec version 4), as the gateway announces them. */

export interface DeviceInfo {
  readonly DeviceIndex: number;
  readonly DeviceName: string;
  readonly DeviceDisplayName?: string;
  readonly DeviceFeatures: Readonly<Record<string, FeatureInfo>>;
}

export interface FeatureInfo {
  readonly FeatureIndex: number;
  readonly FeatureDescription: string;
  readonly Output?: { readonly [T in OutputType]?: { readonly Value: Range; readonly Duration?: Range } };
  readonly Input?: {
    readonly [T in InputType]?: { readonly Value: readonly Range[]; readonly Command: readonly string[] };
  };
}
