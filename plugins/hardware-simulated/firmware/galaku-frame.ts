/** The twelve-byte frames of Galaku toys, from the toy's side. */

const LENGTH = 12;
const START = 0x23;
const PADS = [
  '00189 8f7a5 3d0d2 92550 4446',
  '00456 e6a6f 78205 32d31 2e37',
  '00657 82054 6f797 30a8e 9da3',
  '00c5d 6e7f8 0a322 06f62 0d0a',
].map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'));

const padOf = (previous: number, place: number) => PADS[previous % 4]?.at(place) ?? 0;
const sumOf = (bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

/** The ten bytes inside a frame; undefined when it is none. */
export function opened(data: Uint8Array): Uint8Array | undefined {
  if (data.length !== LENGTH || data[0] !== START) return undefined;
  const plain = data.map((byte, place) => {
    if (place === 0) return byte;
    const pad = padOf(data[place - 1] ?? 0, place);
    return (byte - pad) ^ START ^ pad;
  });
  return sumOf(plain.subarray(0, -1)) === plain.at(-1) ? plain.subarray(1, -1) : undefined;
}

/** A frame around ten bytes. */
export function sealed(body: readonly number[]): Uint8Array {
  const plain = Uint8Array.of(START, ...body);
  const data = Uint8Array.of(...plain, sumOf(plain));
  for (let place = 1; place < LENGTH; place += 1) {
    const pad = padOf(data[place - 1] ?? 0, place);
    data[place] = (pad ^ START ^ (data[place] ?? 0)) + pad;
  }
  return data;
}
