import { type Static, Type } from 'pulsegate/plugin';

const port = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      maxLength: 500,
      examples: ['/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0', 'COM3'],
      description:
        'The port, such as /dev/ttyUSB0 or COM3; on Linux one of /dev/serial/by-id stays the same after a restart',
    }),
    protocol: Type.String({
      minLength: 1,
      maxLength: 100,
      examples: ['tcode-v03'],
      description: 'The protocol of the device on it: a serial port tells nothing about what is behind it',
    }),
    baudRate: Type.Optional(
      Type.Integer({
        minimum: 50,
        maximum: 4_000_000,
        description: 'Bits a second; without it, what is usual for the protocol',
      }),
    ),
  },
  { additionalProperties: false },
);

export const config = Type.Object(
  {
    ports: Type.Array(port, {
      default: [],
      maxItems: 50,
      description: 'Serial ports with devices; no other is touched',
    }),
    rescan: Type.Integer({
      default: 2_000,
      minimum: 100,
      maximum: 600_000,
      description: 'How often it is looked whether a port is there that was not, ms',
    }),
  },
  { additionalProperties: false },
);

export type SerialConfig = Static<typeof config>;
