import {
  DeviceError,
  defineProtocol,
  type FeatureDefinition,
  type Keepalive,
  otherwise,
  type ProtocolDefinition,
  packet,
  webSocket,
} from 'pulsegate/plugin';

export interface PlainOptions {
  /** Advertised name and model name. Default Plain. */
  readonly name?: string;
  readonly keepalive?: Keepalive;
  readonly messageGapMs?: number;
  /** The protocol refuses this level. */
  readonly refuses?: number;
}

/** A protocol whose packets are feature and level, one byte each: `0105` is level 5 on feature 1; below 0 as two's complement. */
export function plainProtocol(
  features: readonly FeatureDefinition[],
  { name = 'Plain', keepalive, messageGapMs, refuses }: PlainOptions = {},
): ProtocolDefinition {
  return defineProtocol({
    id: name.toLowerCase(),
    brand: 'Test',
    links: [webSocket(name)],
    models: [otherwise(name, features, messageGapMs === undefined ? {} : { messageGapMs })],
    ...(keepalive && { keepalive }),
    open: () => ({
      output({ feature, value }) {
        if (value === refuses) throw new DeviceError(`${value} is not for this device`);
        return [packet(feature.index, [feature.index, value & 0xff])];
      },
    }),
  });
}
