import type { NoblePeripheral } from '@abandonware/noble';
import type { Advertisement } from 'pulsegate/plugin';
import type { ManufacturerData } from './bindings/open-binding.js';
import { fullUuid } from './uuids.js';

/** What a peripheral is seen as. Its address is the system's name for it where that keeps addresses to itself. */
export function advertisementOf(peripheral: NoblePeripheral, manufacturerData?: ManufacturerData): Advertisement {
  const { localName = '', serviceUuids = [] } = peripheral.advertisement;
  return {
    kind: 'bluetooth',
    name: nameOf(localName),
    address: addressOf(peripheral),
    services: serviceUuids.map(fullUuid),
    ...(manufacturerData && { manufacturerData }),
  };
}

/** Some devices fill their name up with zeros. */
function nameOf(localName: string): string {
  const end = localName.indexOf('\0');
  return end < 0 ? localName : localName.slice(0, end);
}

export function addressOf({ id, address }: NoblePeripheral): string {
  return address === '' || address === 'unknown' ? id : address.toLowerCase();
}

/** Equal for two advertisements that tell the same. */
export function pictureOf({ name, services = [], manufacturerData = new Map() }: Advertisement): string {
  const data = [...manufacturerData].map(([company, bytes]) => `${company}:${Buffer.from(bytes).toString('hex')}`);
  return `${name}|${services.join()}|${data.join()}`;
}
