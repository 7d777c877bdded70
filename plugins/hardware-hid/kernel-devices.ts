import { readdir } from 'node:fs/promises';
import type { HidConfig } from './config.js';

export interface UsbIds {
  readonly vendorId: number;
  readonly productId: number;
}

const DEVICES = '/sys/bus/hid/devices';
/** `0003:057E:2009.0001`: bus, vendor, product, and a number. */
const NAME = /^[0-9A-F]{4}:([0-9A-F]{4}):([0-9A-F]{4})\.[0-9A-F]+$/i;

/**
 * Whether the native library has to be loaded for these devices: not as long as the kernel of Linux has none of them, which costs
 * nearly nothing to find out.
 */
export async function isWorthLoading(driver: HidConfig['driver'], wanted: readonly UsbIds[]): Promise<boolean> {
  // What libusb finds, the kernel need not have taken for a HID device.
  if (process.platform !== 'linux' || driver === 'libusb') return true;
  const names = await readdir(DEVICES).catch(() => []);
  return names.some((name) => {
    const ids = idsOf(name);
    return wanted.some(({ vendorId, productId }) => vendorId === ids?.vendorId && productId === ids.productId);
  });
}

/** Undefined for any other name. */
export function idsOf(name: string): UsbIds | undefined {
  const [, vendor, product] = NAME.exec(name) ?? [];
  if (vendor === undefined || product === undefined) return undefined;
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
}
