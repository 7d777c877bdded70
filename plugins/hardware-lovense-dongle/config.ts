import { Type } from 'pulsegate/plugin';

export const config = Type.Object(
  {
    hid: Type.Boolean({
      default: true,
      description: 'Looks for the dongle that is a HID device, which all newer ones are',
    }),
    serialPort: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        examples: ['/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0', 'COM3'],
        description:
          'The port of an older dongle, which is a serial adapter of a common kind: nothing but you can tell that it is one',
      }),
    ),
    rescan: Type.Integer({
      default: 5_000,
      minimum: 100,
      maximum: 600_000,
      description: 'How often it is looked for a dongle that was not there, ms',
    }),
  },
  { additionalProperties: false },
);
