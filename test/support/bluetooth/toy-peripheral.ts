import type { BluetoothSpecifier, Endpoint } from 'pulsegate/plugin';
import { systemClock } from '../../../core/clock.js';
import { blueprintOf } from '../../../plugins/hardware-simulated/blueprint.js';
import { findModel } from '../../../plugins/hardware-simulated/models.js';
import { SimulatedToy } from '../../../plugins/hardware-simulated/toy.js';
import { protocols } from '../../../plugins/protocols/index.js';
import type { GattCharacteristic, GattService, Property } from './gatt-server.js';
import { type PeripheralOptions, VirtualPeripheral } from './virtual-peripheral.js';

/** A device of the catalogue, as it is on the air, and what is inside it. */
export interface ToyPeripheral {
  readonly peripheral: VirtualPeripheral;
  readonly toy: SimulatedToy;
}

export interface ToyOptions extends Pick<PeripheralOptions, 'mtu' | 'rssi'> {
  readonly protocol?: string;
  /** What its characteristics can do; default everything. */
  readonly properties?: readonly Property[];
  /** Beside those that its table has. */
  readonly moreServices?: readonly GattService[];
}

const EVERYTHING: readonly Property[] = ['read', 'write', 'writeWithoutResponse', 'notify'];

/** @param at the last part of its address, 1 to 255 */
export async function toyPeripheral(model: string, at: number, options: ToyOptions = {}): Promise<ToyPeripheral> {
  const { protocol, properties = EVERYTHING, moreServices = [] } = options;
  const blueprint = await blueprintOf('test', findModel('test', protocols, { model, protocol }));
  const { specifier } = blueprint;
  if (specifier.kind !== 'bluetooth') throw new Error(`${model} is no Bluetooth device`);
  const address = `c0:ff:ee:00:00:${at.toString(16).padStart(2, '0')}`;
  const toy = new SimulatedToy(blueprint, { id: `${at}`, address }, 100, systemClock);
  const byEndpoint = new Map<Endpoint, GattCharacteristic>();
  const services = servicesOf(specifier).map(([uuid, endpoints]) => ({
    uuid,
    characteristics: [...endpoints].map(([characteristic, names]) => {
      const served = characteristicOf(toy, characteristic, names, properties);
      for (const name of names) byEndpoint.set(name, served);
      return served;
    }),
  }));
  const { name, manufacturerData } = toy.advertisement;
  const peripheral = new VirtualPeripheral({
    ...options,
    address,
    advertised: {
      name,
      services: toy.advertisement.services ?? [],
      ...(manufacturerData && { manufacturerData }),
    },
    services: [...services, ...moreServices],
  });
  toy.connect((endpoint, data) => {
    const characteristic = byEndpoint.get(endpoint);
    if (characteristic) peripheral.notify(characteristic, data);
  });
  return { peripheral, toy };
}

/** Tables list the services of several generations; one device has one of them. Characteristic to the names of its endpoints. */
function servicesOf({ services }: BluetoothSpecifier): readonly [string, ReadonlyMap<string, readonly Endpoint[]>][] {
  const taken = new Set<Endpoint>();
  return Object.entries(services).flatMap(([uuid, endpoints]): [string, Map<string, readonly Endpoint[]>][] => {
    const names = Object.keys(endpoints);
    if (names.some((name) => taken.has(name))) return [];
    const byCharacteristic = new Map<string, readonly Endpoint[]>();
    for (const [name, characteristic] of Object.entries(endpoints)) {
      taken.add(name);
      byCharacteristic.set(characteristic, [...(byCharacteristic.get(characteristic) ?? []), name]);
    }
    return [[uuid, byCharacteristic]];
  });
}

function characteristicOf(
  toy: SimulatedToy,
  uuid: string,
  names: readonly Endpoint[],
  properties: readonly Property[],
): GattCharacteristic {
  return {
    uuid,
    properties,
    read: () => names.map((name) => toy.read(name)).find((data) => data !== undefined),
    write: (data) => {
      const [name] = names;
      if (name !== undefined) toy.write(name, data);
    },
    subscribed: (isOn) => {
      if (isOn) for (const name of names) toy.subscribed(name);
    },
  };
}
