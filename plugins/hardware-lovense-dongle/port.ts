import { type AutoDetectTypes, autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import { describeError, LinkError } from 'pulsegate/plugin';

/** The way to a dongle, whichever kind it is. */
export interface DonglePort {
  /** For people. */
  readonly name: string;
  /** Resolves when the dongle has it. */
  send(text: string): Promise<void>;
  onText(listener: (text: string) => void): void;
  /** Whatever the reason, once or more. */
  onClosed(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

const DONGLE = { vendorId: 0x1915, productId: 0x520a } as const;
const BAUD_RATE = 115_200;
/** Bytes of an output report behind its number, the last of which is always 0. */
const REPORT_BYTES = 64;

const REMEDY =
  process.platform === 'linux'
    ? 'on Linux it takes a rule of udev: copy docs/deploy/70-pulsegate.rules to /etc/udev/rules.d, run `sudo udevadm control --reload` and plug it in anew (docs/hardware.md)'
    : 'another program may have it open';

/** The dongle that is a HID device. Undefined: there is none. Rejects with a LinkError when it cannot be opened. */
export async function openHidDongle(): Promise<DonglePort | undefined> {
  // Whoever has the older dongle needs nothing of this.
  const { default: hid } = await import('node-hid');
  // With libusb the dongle does not work (facts: protocols/lovense-dongle).
  if (process.platform === 'linux') hid.setDriverType('hidraw');
  const [found] = await hid.devicesAsync(DONGLE.vendorId, DONGLE.productId);
  if (found?.path === undefined) return undefined;
  const device = await hid.HIDAsync.open(found.path).catch((error: unknown) => {
    throw new LinkError(`it cannot be opened: ${describeError(error)}; ${REMEDY}`, { cause: error });
  });
  return {
    name: 'the Lovense dongle',
    async send(text) {
      for (const report of reportsOf(text)) await device.write(report);
    },
    onText: (listener) => void device.on('data', (report: Buffer) => listener(report.toString('utf8'))),
    // It may say so more than once, and nobody listening would end the process.
    onClosed: (listener) => void device.on('error', (error: Error) => listener(error.message)),
    close: () => device.close(),
  };
}

/** A report has its number, up to 63 bytes of text, and zeros. */
export function reportsOf(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const longest = REPORT_BYTES - 1;
  return Array.from({ length: Math.ceil(bytes.length / longest) }, (_nothing, at) => {
    const report = Buffer.alloc(1 + REPORT_BYTES);
    bytes.copy(report, 1, at * longest, (at + 1) * longest);
    return report;
  });
}

/** The dongle that is a serial port. Rejects with a LinkError. */
export function openSerialDongle(path: string): Promise<DonglePort> {
  const port = new SerialPortStream({ binding: autoDetect(), path, baudRate: BAUD_RATE, autoOpen: false });
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error) reject(new LinkError(`${path} cannot be opened: ${error.message}`));
      else resolve(serialDongle(path, port));
    });
  });
}

function serialDongle(path: string, port: SerialPortStream<AutoDetectTypes>): DonglePort {
  // A port that vanishes says so, and then that it is closed.
  port.on('error', () => {});
  // Unless it does so in the middle of what came in: then the library reads on and on, without a word.
  if (port.port && 'poller' in port.port) port.port.poller.once('disconnect', () => port.isOpen && port.close());
  return {
    name: `the Lovense dongle on ${path}`,
    send: (text) =>
      new Promise((resolve, reject) => {
        port.write(text, (error) => {
          if (error) reject(new LinkError(`${path} did not take a message: ${error.message}`));
          else resolve();
        });
      }),
    onText: (listener) => void port.on('data', (data: Buffer) => listener(data.toString('utf8'))),
    onClosed: (listener) =>
      void port.once('close', (error?: Error | null) => listener(error?.message ?? 'the port is closed')),
    close: () => new Promise((resolve) => port.close(() => resolve())),
  };
}
