import { type Static, Type } from 'pulsegate/plugin';

export const config = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      maxLength: 253,
      description:
        'Address that devices connect to; 0.0.0.0 for devices in the network, which needs insecure: true as well',
    }),
    port: Type.Integer({ default: 54_817, minimum: 0, maximum: 65_535, description: 'Port; 0 for any free one' }),
    insecure: Type.Boolean({
      default: false,
      description:
        'Whether anybody in the network may pretend to be a device: the devices of this kind cannot say a password',
    }),
    allowedOrigins: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      default: [],
      maxItems: 100,
      description:
        'Origins of web pages that may be devices, such as https://example.org, besides pages of this machine',
    }),
    maxDevices: Type.Integer({ default: 50, minimum: 1, maximum: 1_000, description: 'Connections at once' }),
    handshakeTimeout: Type.Integer({
      default: 5_000,
      minimum: 100,
      maximum: 60_000,
      description: 'How long a device may take to say what it is, ms',
    }),
    idleTimeout: Type.Integer({
      default: 10_000,
      minimum: 100,
      maximum: 600_000,
      description:
        'After so long without a word a device is asked for a sign of life; after as long again it is gone, ms',
    }),
    maxPayload: Type.Integer({
      default: 65_536,
      minimum: 256,
      maximum: 1_048_576,
      description: 'Largest frame a device may send, bytes',
    }),
  },
  { additionalProperties: false },
);

export type WebSocketHardwareConfig = Static<typeof config>;
