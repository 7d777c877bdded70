import { describeError, PluginError } from 'pulsegate/plugin';
import type { HidConfig } from './config.js';

/** What is used of node-hid, as it is: everything is asked for in another thread. */
export interface HidLibrary {
  devices(): Promise<readonly HidDeviceInfo[]>;
  open(path: string): Promise<HidHandle>;
}

export interface HidDeviceInfo {
  readonly vendorId: number;
  readonly productId: number;
  /** The system's name for it. */
  readonly path?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly product?: string | undefined;
  /** Of a device that is several: which of them. */
  readonly interface: number;
}

export interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** @param report the number of the report first; 0 where a device has but one */
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** Loads the native library. Rejects with a PluginError when it is not there, or lacks a library of the system. */
export async function loadHid(plugin: string, driver: HidConfig['driver']): Promise<HidLibrary> {
  try {
    const { default: hid } = await import('node-hid');
    if (driver !== 'auto' && process.platform === 'linux') hid.setDriverType(driver);
    try {
      // It is loaded by the first question.
      hid.getHidapiVersion();
    } catch (error) {
      if (driver !== 'auto' || process.platform !== 'linux') throw error;
      hid.setDriverType('libusb');
      hid.getHidapiVersion();
    }
    return { devices: () => hid.devicesAsync(), open: (path) => hid.HIDAsync.open(path) };
  } catch (error) {
    throw new PluginError(
      plugin,
      `the native library for HID devices does not load on this system (${describeError(error)}); on Linux it needs two libraries of the system (Debian, Ubuntu, Raspberry Pi OS: \`sudo apt install libudev1 libusb-1.0-0\`); elsewhere \`npm rebuild node-hid\` may build it`,
      { cause: error },
    );
  }
}
