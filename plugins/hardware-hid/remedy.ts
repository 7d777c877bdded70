import type { UsbIds } from './kernel-devices.js';

/** What to do where a device may not be opened. */
export function remedyOf({ vendorId }: Pick<UsbIds, 'vendorId'>): string {
  if (process.platform !== 'linux') return 'another program may have it open';
  const vendor = hex(vendorId);
  return `on Linux it takes a rule of udev: put \`KERNEL=="hidraw*", ATTRS{idVendor}=="${vendor}", TAG+="uaccess"\` (paired over Bluetooth: \`KERNELS=="*:${vendor.toUpperCase()}:*"\` in the place of ATTRS) into /etc/udev/rules.d/70-pulsegate.rules, run \`sudo udevadm control --reload\` and plug it in anew (docs/hardware.md)`;
}

/** As udev and people write it. */
export const hex = (id: number): string => id.toString(16).padStart(4, '0');
