import { createRequire } from 'node:module';
import type { HidDeviceInfo } from '../../plugins/hardware-hid/hid-library.js';

/** A HID device at the level of its reports, as the native library of node-hid shows it. */
export class PluggedDevice {
  /** Reports it got, as hexadecimal text. */
  readonly reports: string[] = [];
  isPlugged = true;
  /** Why it cannot be opened. */
  refusal: string | undefined;
  isOpen = false;
  /** Called with each report that it gets. */
  onReport: (report: Buffer) => void = () => {};
  #listener: ((error: Error | null, report?: Buffer) => void) | undefined;

  constructor(readonly info: HidDeviceInfo & { readonly path: string }) {}

  /** It sends a report. */
  say(...report: readonly number[]): void {
    this.#listener?.(null, Buffer.from(report));
  }

  unplug(): void {
    this.isPlugged = false;
    this.#listener?.(new Error('could not read from HID device'));
  }

  /** What the library has for an open device. Its wrapper copies whatever can be enumerated. */
  open(): RawDevice {
    if (this.refusal !== undefined) throw new Error(this.refusal);
    this.isOpen = true;
    return new RawDevice(
      (report) => {
        if (!this.isPlugged) throw new Error('Cannot write to hid device');
        this.reports.push(report.toString('hex'));
        this.onReport(report);
        return report.length;
      },
      (listener) => {
        this.#listener = listener;
      },
      () => {
        this.isOpen = false;
        this.#listener = undefined;
      },
    );
  }
}

class RawDevice {
  readonly readStop = () => {};

  constructor(
    readonly write: (report: Buffer) => number,
    readonly readStart: (listener: (error: Error | null, report?: Buffer) => void) => void,
    readonly close: () => void,
  ) {}
}

/**
 * Puts these devices in the place of the native library, before node-hid loads it. What is tested includes node-hid's own code.
 *
 * @param devices what is plugged in; may change
 */
export function replaceBinding(devices: readonly PluggedDevice[]): void {
  const ours = createRequire(import.meta.url);
  const path = createRequire(ours.resolve('node-hid')).resolve('pkg-prebuilds/bindings');
  const binding = {
    hidapiVersion: '0.14.0',
    HIDAsync: RawDevice,
    devicesAsync: async (vendorId?: number, productId?: number) =>
      devices
        .filter(({ info, isPlugged }) => isPlugged && (vendorId ?? info.vendorId) === info.vendorId)
        .filter(({ info }) => (productId ?? info.productId) === info.productId)
        .map(({ info }) => info),
    openAsyncHIDDevice: async (wanted: string) => {
      const device = devices.find(({ info, isPlugged }) => isPlugged && info.path === wanted);
      if (!device) throw new Error(`could not open ${wanted}`);
      return device.open();
    },
  };
  const loaded = new (ours('node:module').Module)(path);
  Object.assign(loaded, { exports: () => binding, loaded: true });
  ours.cache[path] = loaded;
}
