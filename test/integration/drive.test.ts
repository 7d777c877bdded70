import { expect, it } from 'vitest';
import { boot } from '../support/boot.js';

it('drives a simulated device from handshake to bytes', async () => {
  await using gateway = await boot({ devices: [{ model: 'Lovense Edge' }, { model: 'The Handy' }] });
  const client = await gateway.connect(4);
  expect(client.take()).toMatchObject([
    { DeviceList: { Id: 0, Devices: { 0: { DeviceName: 'Lovense Edge' }, 1: { DeviceName: 'The Handy' } } } },
  ]);
  const reply = await client.ask({
    OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 7 } } },
  });
  expect(reply).toMatchObject({ Ok: {} });
  const { outputs } = await gateway.toy('lovense-edge-1');
  expect(outputs).toMatchObject([{ feature: 0, type: 'Vibrate', level: 7 }, { level: 0 }]);
});
