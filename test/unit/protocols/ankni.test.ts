import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ankniFirmware } from '../../../plugins/hardware-simulated/firmware/ankni.js';
import { ankni } from '../../../plugins/protocols/ankni.js';
import { expectFirmwareFollows, fromHex, openProtocol, toHex } from '../../support/protocol-harness.js';

const open = (generic0: string) => openProtocol(ankni, { name: 'DSJM', reads: { generic0 } });
const repeated = (hex: string, times: number) => Array.from({ length: times }, () => hex).join(' ');
const proof = (hex: string) => `tx!: 01 02 ${repeated(hex, 16)} 00 00`;

/** The remainder of a long division, as the checksum is defined. */
function slowHighByte(bytes: readonly number[]): number {
  const hex = [...bytes, 0, 0].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  let rest = BigInt(`0x${hex}`);
  for (let place = BigInt(bytes.length * 8 + 15); place >= 16n; place -= 1n) {
    if ((rest >> place) & 1n) rest ^= 0x11021n << (place - 16n);
  }
  return Number(rest >> 8n);
}

describe('ankni', () => {
  it('shows that it knows the address', async () => {
    const driver = await open('a2 31 35 53 52 d8');
    expect(driver.model.name).toBe('Roselex Device');
    expect(driver.link.take()).toEqual(['read generic0', `tx!: ${repeated('01', 20)}`, proof('c1')]);
  });

  it('computes the checksum as others do', async () => {
    const driver = await open('66 55 44 33 22 11');
    expect(driver.link.take().at(-1)).toBe(proof('06'));
  });

  it('is let in at once by a toy that has no address', async () => {
    const driver = await open('01 a6 01 00 00 01 16');
    expect(driver.link.take()).toEqual(['read generic0']);
  });

  it('gives up a toy that cannot be read', async () => {
    await expect(openProtocol(ankni, { name: 'DSJM' })).rejects.toThrow(/generic0/);
  });

  it('sends one byte sixteen times for every address', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 6, maxLength: 6 }), async (address) => {
        const driver = await open(toHex(address));
        expect(driver.link.take().at(-1)).toBe(proof(toHex([slowHighByte([0x01, ...address])])));
      }),
    );
  });

  it('vibrates', async () => {
    const driver = await open('01 a6 01 00 00 01 16');
    expect(driver.drive(0, 'Vibrate', 2)).toEqual([`03 12 02 ${repeated('00', 17)}`]);
    expect(driver.stop()).toEqual([`03 12 00 ${repeated('00', 17)}`]);
    expect(driver.order(0, 'Vibrate', 1)).toMatchObject([{ slot: 0, endpoint: 'tx', withResponse: true }]);
  });

  it('drives the simulated toys', () => expectFirmwareFollows(ankni, ankniFirmware));

  it('has simulated toys that ignore junk, and everybody who does not know the address', async () => {
    const motors = { set: vi.fn(), move: vi.fn(), position: () => 0 };
    const toy = { name: 'DSJM', identifier: '', battery: 50, ...motors, notify: vi.fn() };
    const firmware = ankniFirmware.create(toy);
    const vibrate = fromHex(`03 12 02 ${repeated('00', 17)}`);
    firmware.write('tx', vibrate);
    firmware.write('tx', fromHex(`01 02 ${repeated('c1', 16)} 00 00`));
    firmware.write('tx', vibrate);
    firmware.write('tx', fromHex(repeated('01', 20)));
    firmware.write('tx', fromHex(`01 02 ${repeated('c2', 16)} 00 00`));
    firmware.write('tx', vibrate);
    firmware.write('tx', fromHex(`01 02 ${repeated('c1', 16)} 00 00`));
    for (const junk of ['', '03 12 02', `03 12 04 ${repeated('00', 17)}`, `03 12 02 ${repeated('01', 17)}`]) {
      firmware.write('tx', fromHex(junk));
    }
    firmware.write('rx', vibrate);
    expect(toy.set).not.toHaveBeenCalled();
    expect(firmware.read?.('tx')).toBeUndefined();
    firmware.write('tx', vibrate);
    expect(toy.set).toHaveBeenCalledWith(0, 'Vibrate', 2);
  });
});
