import { describe, expect, it } from 'vitest';
import { idsOf } from '../../../plugins/hardware-hid/kernel-devices.js';

describe('a HID device of the kernel', () => {
  it('has its numbers in its name', () => {
    expect(idsOf('0003:057E:2009.0001')).toEqual({ vendorId: 0x057e, productId: 0x2009 });
    expect(idsOf('0005:0483:5750.01af')).toEqual({ vendorId: 0x0483, productId: 0x5750 });
  });

  it.each(['', '0003:057E:2009', '0003:057E.0001', 'hidraw0', '0003:057G:2009.0001'])('is not %j', (name) => {
    expect(idsOf(name)).toBeUndefined();
  });
});
