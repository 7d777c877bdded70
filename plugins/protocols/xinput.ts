import { anyOf, DeviceError, defineProtocol, features, otherwise, vibrate, wholeDevice } from 'pulsegate/plugin';

/** What the four levels that a gamepad tells are worth, in percent. */
const CHARGES = [0, 33, 66, 100];

const HIGH = 0;
const LOW = 1;

const uint16 = (value: number) => [value & 0xff, value >> 8];

export const xinput = defineProtocol({
  id: 'xinput',
  brand: 'Xbox',
  links: [anyOf('xinput')],
  models: [
    otherwise(
      'XBox (XInput) Compatible Gamepad',
      features(
        vibrate(65535, { id: 'eded54a0-9ef2-49e1-99ec-7ab0ae606604' }),
        vibrate(65535, { id: '13b25ae7-4c84-4e9c-bd3e-c2f835bd3edb' }),
      ),
      { id: '0e7844fb-ff3d-4f5d-9e86-03b20f120f94' },
    ),
  ],
  open: ({ link }) => ({
    // The packet is the whole device's: in slots of their own, one that still waits could bring back a motor just stopped.
    output: wholeDevice((level) => [...uint16(level(LOW)), ...uint16(level(HIGH))]),
    async read({ type }) {
      if (type !== 'Battery') throw new DeviceError(`A gamepad has no ${type} to read`);
      const level = (await link.read('rx'))[0];
      const charge = CHARGES[level ?? CHARGES.length];
      if (charge === undefined) throw new DeviceError(`The gamepad answered with an unknown battery level: ${level}`);
      return charge;
    },
  }),
});
