import { type Static, Type } from 'pulsegate/plugin';

const uart = Type.Object(
  {
    port: Type.String({
      minLength: 1,
      maxLength: 500,
      examples: ['/dev/serial/by-id/usb-ZEPHYR_HCI_UART-if00', 'COM5'],
      description: 'The serial port of the adapter',
    }),
    baudRate: Type.Optional(
      Type.Integer({
        minimum: 9_600,
        maximum: 4_000_000,
        description: 'Bits a second, as its firmware has it; without it, 1000000',
      }),
    ),
  },
  { additionalProperties: false },
);

export const config = Type.Object(
  {
    binding: Type.Enum(['auto', 'dbus', 'hci', 'uart', 'mac', 'windows'], {
      default: 'auto',
      description:
        'How the adapter is reached. `dbus`: through BlueZ, the Bluetooth service of Linux, without special rights; `hci`: directly, on Linux with the right to do so; `uart`: an adapter on a serial port; `mac` and `windows`: what the system brings. `auto` takes `uart` when a port is named, else what fits the system',
    }),
    adapter: Type.Optional(
      Type.String({
        pattern: '^hci\\d{1,3}$',
        examples: ['hci1'],
        description: 'Which adapter, on Linux; without it, the first',
      }),
    ),
    uart: Type.Optional(uart),
    maxDevices: Type.Integer({
      default: 20,
      minimum: 1,
      maximum: 100,
      description: 'Most devices connected at a time; many adapters manage seven or fewer and refuse the next',
    }),
    connectTimeout: Type.Integer({
      default: 5_000,
      minimum: 500,
      maximum: 120_000,
      description: 'How long one try to connect may take, ms; a second try follows',
    }),
    answerTimeout: Type.Integer({
      default: 2_500,
      minimum: 100,
      maximum: 60_000,
      description: 'How long a device may take to answer a packet, ms; then it is disconnected, and connected anew',
    }),
  },
  { additionalProperties: false },
);

export type BluetoothConfig = Static<typeof config>;
