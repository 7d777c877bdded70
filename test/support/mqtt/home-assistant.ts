import { setImmediate } from 'node:timers/promises';
import {
  DEVICE_REGISTER,
  type DeviceCard,
  type DeviceRegister,
  definePlugin,
  PLUGIN_API,
  Type,
} from 'pulsegate/plugin';
import { expect } from 'vitest';
import type { Announcement } from '../../../plugins/home-assistant/discovery/component.js';
import { announceDevice, type DeviceOptions, type Place } from '../../../plugins/home-assistant/discovery/device.js';
import { announceGateway } from '../../../plugins/home-assistant/discovery/gateway.js';
import { knownDevice } from '../../../plugins/home-assistant/known-device.js';
import { boot } from '../boot.js';
import { DataFolder } from '../data-folder.js';

/** The devices that the documentation and the golden files are about, as Home Assistant is told of them by default. */

export const PLACE: Place = { gateway: 'kitchen', root: 'pulsegate/kitchen', version: '1.2.3' };
export const OPTIONS: DeviceOptions = { hold: 60_000, moveDuration: 1_000, areas: {}, serialNumber: true };

const NAMED = { model: 'Lovense Lush', address: 'lush-1', displayName: 'Käthe’s Little One' };
const DEVICES = [
  { model: 'Lovense Edge' },
  { model: 'The Handy' },
  { model: 'Pulsegate Testbed' },
  { model: NAMED.model, address: NAMED.address },
];

/** Cards as a gateway makes them, by the name of the model. */
export async function exampleCards(): Promise<ReadonlyMap<string, DeviceCard>> {
  let register: DeviceRegister | undefined;
  const probe = definePlugin({
    name: 'register-probe',
    kind: 'extension',
    api: PLUGIN_API,
    description: 'Shows the register to a test',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        register = use(DEVICE_REGISTER);
      },
      stop() {},
    }),
  });
  const settings = { address: `simulated:${NAMED.address}`, displayName: NAMED.displayName };
  await using folder = await DataFolder.withSettings(settings);
  await using gateway = await boot({
    devices: DEVICES,
    plugins: [probe],
    // Nobody here needs a broker.
    config: { ...folder.config, plugins: { 'transport-mqtt': { enabled: false } } },
  });
  for (let round = 0; round < 100 && register?.cards.length !== DEVICES.length; round += 1) {
    await gateway.clock.advance(100);
  }
  await known(folder);
  const cards = register?.cards ?? [];
  expect(cards.map(({ name }) => name).toSorted()).toEqual(DEVICES.map(({ model }) => model).toSorted());
  return new Map(cards.map((card) => [card.name, card]));
}

/** Resolves when the gateway has written down whom it knows: it must not write into a folder that goes away. */
async function known(folder: DataFolder): Promise<void> {
  const isWritten = async () => {
    const text = await folder.read(folder.state).catch(() => '');
    return DEVICES.every(({ model }) => text.includes(model));
  };
  while (!(await isWritten())) await setImmediate();
}

/** What is announced for them, by golden file. */
export async function exampleAnnouncements(): Promise<ReadonlyMap<string, Announcement>> {
  const cards = await exampleCards();
  return new Map([
    ['gateway', announceGateway(PLACE, {})],
    ...[...cards.values()].map((card): [string, Announcement] => [
      card.name.toLowerCase().replaceAll(' ', '-'),
      announceDevice(knownDevice(card), PLACE, OPTIONS),
    ]),
  ]);
}
