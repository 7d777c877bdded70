import { bluetooth, defineProtocol, features, otherwise, perFeature, vibrate } from 'pulsegate/plugin';
import { expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { input } from '../../support/messages.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

const forgetful = defineProtocol({
  id: 'forgetful',
  brand: 'Test',
  links: [bluetooth({ names: ['Forgetful'], services: { fff0: { tx: 'fff2' }, '180f': { rxblebattery: '2a19' } } })],
  models: [otherwise('Forgetful', features(vibrate(10)))],
  open: () => ({
    output: perFeature(({ value }) => [value]),
    // What it reads is something else.
    read: async () => 7,
  }),
});

it('a device that offers the standard battery service has a battery, also where its table has none', async () => {
  const hardware = new TestHardware();
  const device = hardware.device({ name: 'Forgetful', kind: 'bluetooth' });
  device.readable = [83];
  await using gateway = await boot({ plugins: [protocolPlugin(forgetful), hardware.plugin] });
  hardware.show(device);
  await gateway.clock.advance(0);
  const client = await gateway.connect();
  expect(JSON.stringify(client.take())).toContain('"FeatureIndex":1');
  expect(await client.ask(input(0, 1, 'Battery', 'Read'))).toMatchObject({
    InputReading: { Reading: { Battery: { Value: 83 } } },
  });
});
