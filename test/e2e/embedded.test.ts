import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedClient, MessageBody } from '../../core/index.js';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';

/** Enough of them to have outlived the ping time. */
const PINGS = 4;

describe('the embedded client, without any library', () => {
  let live: LiveGateway;
  let client: EmbeddedClient;

  beforeEach(async () => {
    live = await startLive();
    client = await live.gateway.embeddedClient('e2e, embedded');
  });

  afterEach(async () => {
    await client.close();
    await live[Symbol.asyncDispose]();
  });

  it('knows the devices as soon as it is there', () => {
    expect([...client.devices.keys()]).toEqual([0]);
    expect(client.devices.get(0)).toMatchObject({ DeviceName: 'Pulsegate Testbed' });
  });

  it('drives, reads and stops', async () => {
    await client.output(0, 0, { Vibrate: { Value: 13 } });
    await live.simulated.reaches(TESTBED, 0, 13);
    expect(await client.read(0, 9, 'Battery')).toBe(100);
    expect(await client.read(0, 10, 'RSSI')).toBeLessThan(0);
    await client.stop(0, 0);
    await live.simulated.reaches(TESTBED, 0, 0);
    await client.output(0, 2, { Oscillate: { Value: 4 } });
    await live.simulated.reaches(TESTBED, 2, 4);
    await client.stop();
    await live.simulated.reaches(TESTBED, 2, 0);
  });

  it('gets the readings it subscribed to, and none after it unsubscribed', async () => {
    const readings: MessageBody[] = [];
    client.on('inputReading', (reading) => readings.push(reading));
    await client.subscribe(0, 12, 'Button');
    await live.simulated.sense(TESTBED, 12, 1);
    await expect.poll(() => readings).toMatchObject([{ FeatureIndex: 12, Reading: { Button: { Value: 1 } } }]);
    await client.unsubscribe(0, 12, 'Button');
    await live.simulated.sense(TESTBED, 12, 0);
    await client.read(0, 9, 'Battery');
    expect(readings).toHaveLength(1);
  });

  it('scans, and hears when that is over', async () => {
    const finished = new Promise<void>((resolve) => client.on('scanningFinished', resolve));
    await client.startScanning();
    await finished;
  });

  it('is told in the gateway’s own words why something was refused', async () => {
    await expect(client.output(0, 0, { Vibrate: { Value: 21 } })).rejects.toThrow('Vibrate takes 0 to 20, not 21');
    await expect(client.send('NoSuchMessage')).rejects.toThrow('There is no message "NoSuchMessage"');
  });

  it('stops what it drove when it closes, and takes no orders from then on', async () => {
    await client.output(0, 0, { Vibrate: { Value: 13 } });
    await live.simulated.reaches(TESTBED, 0, 13);
    await client.close();
    await live.simulated.reaches(TESTBED, 0, 0);
    await expect(client.output(0, 0, { Vibrate: { Value: 1 } })).rejects.toThrow('The session is over');
  });

  it('hears that the gateway ends, and what it drove has stopped', async () => {
    const closed = new Promise<string>((resolve) => client.on('closed', resolve));
    await client.output(0, 0, { Vibrate: { Value: 13 } });
    await live.gateway.stop();
    expect(await closed).toContain('shutting down');
    await expect(client.read(0, 9, 'Battery')).rejects.toThrow('The session is over');
  });
});

it('the embedded client pings by itself where the gateway asks for pings, and stays', async () => {
  await using live = await startLive({ config: { plugins: { 'transport-embedded': { maxPingTime: 200 } } } });
  await using client = await live.gateway.embeddedClient('e2e, embedded');
  let ended = '';
  client.on('closed', (reason) => {
    ended = reason;
  });
  await client.output(0, 0, { Vibrate: { Value: 13 } });
  const before = await live.metric('pulsegate_messages_total');
  await expect
    .poll(() => live.metric('pulsegate_messages_total'), { timeout: PATIENCE_MS })
    .toBeGreaterThan(before + PINGS);
  expect(ended).toBe('');
  expect((await live.simulated.output(TESTBED, 0)).level).toBe(13);
});

it('without the embedded transport, says which plugin to enable', async () => {
  await using live = await startLive({ config: { plugins: { 'transport-embedded': { enabled: false } } } });
  expect(() => live.gateway.embeddedConnector()).toThrow('plugins.transport-embedded enabled');
});
