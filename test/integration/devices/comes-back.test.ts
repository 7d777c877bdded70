import { expect, it } from 'vitest';
import { boot } from '../../support/boot.js';

/** Longer than the simulated devices below stay away, and than the gateway pauses between attempts. */
const BACK_MS = 5000;

it('stops a vibration that went on while the device was out of reach', async () => {
  await using gateway = await boot({ devices: [{ model: 'Lovense Edge' }] });
  const client = await gateway.connect();
  await client.ask({ OutputCmd: { DeviceIndex: 0, FeatureIndex: 1, Command: { Vibrate: { Value: 9 } } } });
  expect((await gateway.toy('lovense-edge-1')).outputs).toMatchObject([{ level: 0 }, { level: 9 }]);
  await gateway.post('/api/simulated/lovense-edge-1/disconnect', { awayFor: 1 });
  expect(await gateway.toy('lovense-edge-1')).toMatchObject({
    connected: false,
    outputs: [{ level: 0 }, { level: 9 }],
  });
  await gateway.clock.advance(BACK_MS);
  expect(await gateway.toy('lovense-edge-1')).toMatchObject({ connected: true, outputs: [{ level: 0 }, { level: 0 }] });
});

it('holds a timed move that went on while the device was out of reach and its client left', async () => {
  await using gateway = await boot({ devices: [{ model: 'The Handy' }] });
  const client = await gateway.connect();
  const move = { HwPositionWithDuration: { Value: 100, Duration: 60_000 } };
  await client.ask({ OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: move } });
  await gateway.clock.advance(1000);
  await gateway.post('/api/simulated/the-handy-1/disconnect', { awayFor: 1 });
  client.cut();
  expect((await gateway.toy('the-handy-1')).outputs).toMatchObject([{ moving: true }]);
  await gateway.clock.advance(BACK_MS);
  const [output] = (await gateway.toy('the-handy-1')).outputs;
  expect(output).not.toHaveProperty('moving');
  expect(output?.level).toBeLessThan(20);
});

it('does not send anything to a device that is seen for the first time', async () => {
  await using gateway = await boot({ devices: [{ model: 'Lovense Edge' }] });
  await gateway.clock.advance(1000);
  const { packets } = await gateway.toy('lovense-edge-1');
  expect(packets.map(({ text }) => text)).toEqual(['DeviceType;']);
});
