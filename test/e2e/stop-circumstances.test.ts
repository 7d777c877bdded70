import { describe, expect, it } from 'vitest';
import { startLive, TESTBED } from '../support/live-gateway.js';
import { OUTPUTS } from '../support/stop/outputs.js';
import { sessions, simulatedPackets } from '../support/stop/stage.js';
import { PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** What the stop table leaves out: the same rule in less tidy circumstances. */

const vibrate = (level: number) => ({ Vibrate: { Value: level } });
const OFF = { 0: 0, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0 };

describe('a client that is cut off', () => {
  it('stops every output it drove, all at once', async () => {
    await using live = await startLive();
    const client = await WireClient.connect(live.url);
    for (const { feature, command } of OUTPUTS) await client.output(0, feature, command);
    await expect
      .poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS })
      .toMatchObject({ 0: 13, 1: -15, 2: 11, 3: 3, 4: -6, 5: 80, 6: 1, 7: 60 });
    client.socket.destroy();
    await expect.poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS }).toMatchObject(OFF);
    const stroker = async () => (await live.simulated.output(TESTBED, 8)).moving;
    await expect.poll(stroker, { timeout: PATIENCE_MS }).toBeUndefined();
    expect((await live.simulated.output(TESTBED, 8)).level).toBeLessThan(50);
  });

  it('in the middle of a stream of orders has none of them carried out after the stop', async () => {
    await using live = await startLive();
    const client = await WireClient.connect(live.url);
    let level = 0;
    const streaming = setInterval(() => {
      level = (level % 20) + 1;
      client.tell({ OutputCmd: { Id: 9, DeviceIndex: 0, FeatureIndex: 0, Command: vibrate(level) } });
    }, 1);
    await expect.poll(async () => (await simulatedPackets(live)).length, { timeout: PATIENCE_MS }).toBeGreaterThan(4);
    client.socket.destroy();
    clearInterval(streaming);
    await sessions(live, 0);
    await live.simulated.reaches(TESTBED, 0, 0);
    const other = await WireClient.connect(live.url);
    // One more turn of the write queue, by an order to another output: whatever still waited would come with it.
    await other.output(0, 2, { Oscillate: { Value: 4 } });
    await live.simulated.reaches(TESTBED, 2, 4);
    const levels = (await simulatedPackets(live)).filter(({ feature }) => feature === 0).map((packet) => packet.level);
    expect(levels.slice(levels.indexOf(0)).every((value) => value === 0)).toBe(true);
  });

  it('leaves alone what another client has taken over', async () => {
    await using live = await startLive();
    const [first, second] = [await WireClient.connect(live.url), await WireClient.connect(live.url)];
    await first.output(0, 0, vibrate(5));
    await first.output(0, 2, { Oscillate: { Value: 4 } });
    await second.output(0, 0, vibrate(9));
    await live.simulated.reaches(TESTBED, 0, 9);
    first.socket.destroy();
    await live.simulated.reaches(TESTBED, 2, 0);
    expect((await live.simulated.output(TESTBED, 0)).level).toBe(9);
    second.socket.destroy();
    await live.simulated.reaches(TESTBED, 0, 0);
  });
});

describe('a device', () => {
  it('that drops out while it runs, and comes back running, is stopped when it is back', async () => {
    await using live = await startLive();
    const client = await WireClient.connect(live.url);
    await client.output(0, 0, vibrate(13));
    await live.simulated.reaches(TESTBED, 0, 13);
    await live.simulated.drop(TESTBED, 0.2);
    await live.simulated.connected(0);
    expect((await live.simulated.output(TESTBED, 0)).level).toBe(13);
    await live.simulated.reaches(TESTBED, 0, 0);
    expect((await live.simulated.state(TESTBED)).connected).toBe(true);
  });

  it('on a link that loses and refuses packets is stopped all the same', async () => {
    await using live = await startLive({
      config: { plugins: { 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed', writeErrors: 0.4 }] } } },
    });
    const client = await WireClient.connect(live.url);
    const driven = async () => {
      await client.output(0, 0, vibrate(13));
      return (await live.simulated.output(TESTBED, 0)).level;
    };
    await expect.poll(driven, { timeout: PATIENCE_MS }).toBe(13);
    client.socket.destroy();
    await live.simulated.reaches(TESTBED, 0, 0);
  });
});
