import type NodeHid from 'node-hid';
import { describeError, LinkError, type OpenSerialPort } from 'pulsegate/plugin';

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
export async function openHidDongle(hid: typeof NodeHid): Promise<DonglePort | undefined> {
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
function reportsOf(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const longest = REPORT_BYTES - 1;
  return Array.from({ length: Math.ceil(bytes.length / longest) }, (_nothing, at) => {
    const report = Buffer.alloc(1 + REPORT_BYTES);
    bytes.copy(report, 1, at * longest, (at + 1) * longest);
    return report;
  });
}

/** The dongle that is a serial port. Rejects with a LinkError. */
export async function openSerialDongle(open: OpenSerialPort, path: string): Promise<DonglePort> {
  const port = await open({ path, baudRate: BAUD_RATE });
  return {
    name: `the Lovense dongle on ${path}`,
    send: (text) => port.write(Buffer.from(text)),
    onText: (listener) => port.onData((data) => listener(Buffer.from(data).toString('utf8'))),
    onClosed: (listener) => port.onGone(listener),
    // What the toy is told last may be a stop.
    close: () => port.close(true),
  };
}
