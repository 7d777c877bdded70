import { type Static, Type } from 'pulsegate/plugin';

export const config = Type.Object(
  {
    rescan: Type.Integer({
      default: 3_000,
      minimum: 250,
      maximum: 600_000,
      description: 'How often it is looked for devices that were plugged in, ms',
    }),
    driver: Type.Enum(['auto', 'hidraw', 'libusb'], {
      default: 'auto',
      description:
        'How devices are reached on Linux: `hidraw` needs a rule of udev and leaves them to other programs as well; `libusb` takes them from the system; `auto` is `hidraw`, and `libusb` where that does not load',
    }),
  },
  { additionalProperties: false },
);

export type HidConfig = Static<typeof config>;
