import type { ProtocolRegistry } from 'pulsegate/plugin';
import type { HidDeviceInfo } from './hid-library.js';
import type { UsbIds } from './kernel-devices.js';
import { hex } from './remedy.js';

/** Devices that these protocols know; no other is ever opened. */
export const wantedIds = (definitions: ProtocolRegistry['definitions']): readonly UsbIds[] =>
  [...definitions].flatMap(({ links }) => links.flatMap((link) => (link.kind === 'hid' ? link.pairs : [])));

export const isOneOf = (wanted: readonly UsbIds[], { vendorId, productId }: UsbIds): boolean =>
  wanted.some((other) => other.vendorId === vendorId && other.productId === productId);

/** The same whenever the device is seen: by its number where it has one, else by where it is plugged in. */
export function addressOf({ vendorId, productId, serialNumber, path = '' }: HidDeviceInfo): string {
  const own = serialNumber === undefined || serialNumber === '' ? path : serialNumber;
  return `${hex(vendorId)}:${hex(productId)}:${own}`;
}

/** For people. */
export const nameOf = (device: HidDeviceInfo): string =>
  device.product === undefined || device.product === '' ? addressOf(device) : device.product;
