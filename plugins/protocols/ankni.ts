import { bluetooth, defineProtocol, features, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const PACKET_LENGTH = 20;
/** A longer reading is no address: such toys want no handshake. */
const LONGEST_ADDRESS = 6;

function padded(bytes: readonly number[]): Uint8Array {
  const packet = new Uint8Array(PACKET_LENGTH);
  packet.set(bytes);
  return packet;
}

/** CRC-16/XMODEM. */
function crc16(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

/** Shows that the toy's address is known. */
function proof(address: Uint8Array): Uint8Array {
  const high = crc16([0x01, ...address]) >> 8;
  return padded([0x01, 0x02, ...Array.from({ length: 16 }, () => high)]);
}

export const ankni = defineProtocol({
  id: 'ankni',
  brand: 'Ankni',
  links: [
    bluetooth({
      names: ['DSJM'],
      services: { fe00: { tx: 'fe01' }, fffe: { tx: 'fe02' }, '180a': { generic0: '2a50' } },
    }),
  ],
  models: [
    otherwise('Roselex Device', features(vibrate(3, { id: '2ba5d52d-0f40-4f1f-8738-955f9f7715f3' })), {
      id: '9a26d86b-afd3-4413-ad72-faddf14b7f03',
      brand: 'Roselex',
    }),
  ],
  async open({ link }) {
    const reading = await link.read('generic0');
    if (reading.length <= LONGEST_ADDRESS) {
      await link.write('tx', new Uint8Array(PACKET_LENGTH).fill(0x01), { withResponse: true });
      await link.write('tx', proof(reading), { withResponse: true });
    }
    return { output: perFeature(({ value }) => padded([0x03, 0x12, value]), { withResponse: true }) };
  },
});
