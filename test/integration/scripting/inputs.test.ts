import { defineProtocol, type FeaturePart, features, otherwise, packet, position, webSocket } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { bootScripts } from '../../support/scripting/boot-scripts.js';
import { protocolPlugin, type TestDevice, TestHardware } from '../../support/test-hardware.js';

const whereItIs: FeaturePart = {
  description: 'Where it is',
  outputs: {},
  inputs: { Position: { value: [[0, 100]], commands: ['Read', 'Subscribe'] } },
};

/** A stroker with one feature that goes to positions and another that tells them. */
const stroker = defineProtocol({
  id: 'stroker',
  brand: 'Test',
  links: [webSocket('Stroker')],
  models: [otherwise('Stroker', features(position(100), whereItIs))],
  open: ({ link }) => ({
    output: ({ value }) => [packet(0, [value])],
    read: async () => 25,
    async subscribe(_input, report) {
      await link.subscribe('rx');
      link.on('notification', (_endpoint, [place = 0]) => report(place));
    },
    unsubscribe: async () => {},
  }),
});

async function run(script: string, prepare: (device: TestDevice) => void = () => {}) {
  const hardware = new TestHardware();
  const gateway = await bootScripts({
    plugins: [hardware.plugin, protocolPlugin(stroker)],
    scripts: { 'a.js': script },
  });
  const device = hardware.device({ name: 'Stroker' });
  prepare(device);
  hardware.show(device);
  await gateway.advance(100);
  return { gateway, device };
}

const LISTENING = `
  const stroker = await devices.first('Stroker');
  stroker.on('removed', () => console.log('gone'));
  stroker.on('position', (value, feature) => console.log('feature', feature.index, 'is at', value));
`;

describe('inputs of a device', () => {
  it('tells a position that is an input from one that is an output', async () => {
    const { gateway, device } = await run(
      `${LISTENING} await stroker.position(1); console.log('at', await stroker.read('position'));`,
    );
    await using _ = gateway;
    device.link?.notify('rx', 75);
    await gateway.advance(100);
    expect(gateway.console('a')).toEqual(['info: at 0.25', 'info: feature 1 is at 0.75']);
    expect(device.take()).toEqual(['64']);
  });

  it('lets a script run on when the device drops out before it has taken the subscription', async () => {
    const { gateway, device } = await run(`${LISTENING} every(1000, () => {});`, (device) => {
      device.hangs = true;
    });
    await using _ = gateway;
    device.unreachable = true;
    device.drop();
    await gateway.advance(100);
    expect(gateway.console('a')).toEqual(['info: gone']);
    expect(gateway.status('a')).toMatchObject({ state: 'running', starts: 1 });
  });

  it('ends a script that listens to what the device does not report', async () => {
    const { gateway } = await run(LISTENING, (device) => {
      device.refusesSubscriptions = true;
    });
    await using _ = gateway;
    expect(gateway.status('a')).toMatchObject({
      state: 'waiting',
      lastError: { message: expect.stringContaining('does not report') },
    });
  });
});
