import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { TestBroker } from '../../../support/scripting/mqtt-broker.js';
import { mqttPlugin } from '../../../support/scripting/mqtt-plugin.js';
import { restartWith } from '../../../support/scripting/restart-with.js';

const SCRIPT = 'battery-alert';
const MINUTE = 60_000;
const EDGE = 'home/toys/battery/lovense-edge-0';
const ALERT = 'home/toys/alert';

const run = async (broker: TestBroker, battery: number) =>
  bootScripts({
    devices: [{ model: 'Lovense Edge', battery }, { model: 'The Handy' }],
    plugins: [mqttPlugin(broker.url)],
    scripts: await exampleScripts(SCRIPT),
  });

/** Both motors of the Edge at full power take 1 % a minute. */
async function drain(gateway: ScriptedGateway, minutes: number): Promise<void> {
  const client = await gateway.booted.connect();
  for (const FeatureIndex of [0, 1]) {
    await client.ask({ OutputCmd: { DeviceIndex: 0, FeatureIndex, Command: { Vibrate: { Value: 20 } } } });
  }
  await gateway.advance(minutes * MINUTE);
  client.cut();
}

const percents = (broker: TestBroker) => broker.on(EDGE).map((text) => JSON.parse(text).percent);

describe('the example battery-alert', () => {
  it('publishes a retained state of every device that has a battery, every five minutes', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, 80);
    await gateway.advance(10 * MINUTE);
    expect(percents(broker)).toEqual([80, 80, 80]);
    expect(new Set(broker.published.map(({ topic }) => topic))).toEqual(new Set([EDGE]));
    expect(JSON.parse(broker.retained(EDGE) ?? '')).toEqual({
      name: 'Lovense Edge',
      percent: 80,
      low: false,
      time: '2026-01-01T00:10:00.000Z',
    });
  });

  it('alerts once when a device runs low, also across a restart', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, 26);
    await drain(gateway, 15);
    expect(percents(broker)).toEqual([26, 21, 16, 11]);
    expect(broker.on(ALERT)).toEqual(['Lovense Edge is down to 16 %']);
    expect(broker.retained(ALERT)).toBeUndefined();
    expect(broker.retained(EDGE)).toContain('"low":true');
    gateway.booted.gateway.scripts.act(SCRIPT, 'restart');
    await gateway.advance(5 * MINUTE);
    expect(percents(broker)).toHaveLength(6);
    expect(broker.on(ALERT)).toHaveLength(1);
  });

  it('does not alert again before the device has been charged', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, 24);
    await restartWith(gateway, SCRIPT, { alerted: [0] });
    await drain(gateway, 6);
    expect(percents(broker)).toEqual([24, 24, 19]);
    expect(broker.on(ALERT)).toEqual([]);
  });

  it('forgets the alert when the device has been charged', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, 35);
    await restartWith(gateway, SCRIPT, { alerted: [0] });
    expect(gateway.console(SCRIPT)).toContain('info: Lovense Edge is charged again: 35 %');
    await drain(gateway, 16);
    expect(broker.on(ALERT)).toEqual(['Lovense Edge is down to 20 %']);
  });

  it('looks at a device as soon as it comes back', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, 50);
    await gateway.advance(1000);
    await gateway.booted.post('/api/simulated/lovense-edge-1/disconnect', { awayFor: 400 });
    await gateway.advance(6 * MINUTE);
    expect(percents(broker)).toEqual([50]);
    await gateway.advance(1 * MINUTE);
    expect(percents(broker)).toEqual([50, 50]);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('says once that the broker is away, and sends the alert when it is back', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, 24);
    await gateway.advance(1000);
    await broker.goAway();
    await drain(gateway, 11);
    expect(gateway.console(SCRIPT).filter((line) => line.startsWith('warn'))).toEqual([
      'warn: Nothing can be published for now: The MQTT broker is away',
    ]);
    await broker.comeBack();
    await gateway.until(() => broker.hasGateway);
    await gateway.advance(5 * MINUTE);
    expect(gateway.console(SCRIPT)).toContain('info: Publishing works again');
    expect(broker.on(ALERT)).toEqual(['Lovense Edge is down to 13 %']);
  });

  it('says once that there is no MQTT, and runs on', async () => {
    await using gateway = await bootScripts({
      devices: [{ model: 'Lovense Edge' }],
      scripts: await exampleScripts(SCRIPT),
    });
    await gateway.advance(10 * MINUTE);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
    expect(gateway.console(SCRIPT).filter((line) => line.startsWith('warn'))).toEqual([
      'warn: Nothing can be published for now: There is no MQTT here: no plugin that connects to a broker runs',
    ]);
  });

  it('waits where there is no device', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await bootScripts({
      plugins: [mqttPlugin(broker.url)],
      scripts: await exampleScripts(SCRIPT),
    });
    await gateway.advance(10 * MINUTE);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
    expect(broker.published).toEqual([]);
  });
});
