import type { NoblePeripheral } from '@abandonware/noble';
import type { Advertisement } from 'pulsegate/plugin';
import { fullUuid } from './uuids.js';

/** What a peripheral is seen as. Its address is the system's name for it where that keeps addresses to itself. */
export function advertisementOf({ id, address, advertisement }: NoblePeripheral): Advertisement {
  const { localName = '', serviceUuids = [], manufacturerData } = advertisement;
  return {
    kind: 'bluetooth',
    name: nameOf(localName),
    address: addressOf(id, address),
    services: serviceUuids.map(fullUuid),
    ...(manufacturerData &&
      manufacturerData.length >= 2 && {
        manufacturerData: new Map([[manufacturerData.readUInt16LE(0), Uint8Array.from(manufacturerData.subarray(2))]]),
      }),
  };
}

/** Some devices fill their name up with zeros. */
function nameOf(localName: string): string {
  const end = localName.indexOf('\0');
  return end < 0 ? localName : localName.slice(0, end);
}

function addressOf(id: string, address: string): string {
  return address === '' || address === 'unknown' ? id : address.toLowerCase();
}

/** Equal for two advertisements that tell the same. */
export function pictureOf({ name, services = [], manufacturerData }: Advertisement): string {
  const [manufacturer] = manufacturerData ?? [];
  const data = manufacturer ? `${manufacturer[0]}:${Buffer.from(manufacturer[1]).toString('hex')}` : '';
  return `${name}|${services.join()}|${data}`;
}
