import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DataFolder } from '../../support/data-folder.js';
import { type LiveGateway, startLive } from '../../support/live-gateway.js';
import { move } from '../../support/messages.js';
import { describeSocat, Pty } from '../../support/pty.js';
import { PATIENCE_MS } from '../../support/timing.js';
import { WireClient } from '../../support/wire-client.js';

/** @param count how many devices to wait for */
const start = (section: object, count = 1, devices: object = {}) =>
  startLive({
    devices: count,
    config: {
      devices,
      plugins: { 'hardware-simulated': { devices: [] }, 'hardware-serial': { rescan: 100, ...section } },
    },
  });

const tcode = (path: string) => ({ ports: [{ path, protocol: 'tcode-v03' }] });

async function deviceCount(live: LiveGateway, count: number): Promise<void> {
  const asked = async () => {
    const client = await WireClient.connect(live.url);
    const reply = await client.ask({ RequestDeviceList: {} });
    client.webSocket.terminate();
    return Object.keys(reply.DeviceList?.Devices ?? {}).length;
  };
  await expect.poll(asked, { interval: 10, timeout: PATIENCE_MS }).toBe(count);
}

describeSocat('a device on a serial port', () => {
  it('is there without a scan, and is driven', async () => {
    await using pty = await Pty.create();
    await using live = await start(tcode(pty.path));
    await deviceCount(live, 1);
    const client = await WireClient.connect(live.url);
    expect(await client.ask(move(0, 0, 500, 200))).toHaveProperty('Ok');
    await pty.hears('L0500I200\n');
    client.webSocket.terminate();
  });

  it('may be named by a user device configuration', async () => {
    await using folder = await DataFolder.create();
    await using pty = await Pty.create();
    const userConfig = join(folder.path, 'user.json');
    const serial = { port: pty.path, baud_rate: 115_200, data_bits: 8, parity: 'N', stop_bits: 1 };
    const protocols = { 'tcode-v03': { communication: [{ serial }] } };
    await writeFile(userConfig, JSON.stringify({ version: { major: 4 }, user_configs: { protocols } }));
    await using live = await start({}, 1, { userConfig });
    await deviceCount(live, 1);
  });

  it('is gone when the port is, and comes back with it, whoever was in the middle of something', async () => {
    await using pty = await Pty.create();
    await using live = await start(tcode(pty.path));
    await deviceCount(live, 1);
    const client = await WireClient.connect(live.url);
    const storm = Promise.all(Array.from({ length: 50 }, (_, at) => client.ask(move(0, 0, at, 100))));
    await pty.unplug();
    await storm;
    await deviceCount(live, 0);
    await pty.plugIn();
    await deviceCount(live, 1);
    pty.heard = '';
    expect(await client.ask(move(0, 0, 900, 100))).toHaveProperty('Ok');
    await pty.hears('L0900I100\n');
    client.webSocket.terminate();
  });

  it('that another program has open is said to be so', async () => {
    await using pty = await Pty.create();
    await using first = await start(tcode(pty.path));
    await deviceCount(first, 1);
    await using second = await start(tcode(pty.path), 0);
    const said = () => second.log.join();
    await expect.poll(said, { interval: 10, timeout: PATIENCE_MS }).toContain('another program has it open');
  });

  it('that is not there, or speaks what nobody knows, disturbs nothing', async () => {
    await using pty = await Pty.create();
    const ports = [
      { path: `${pty.path}-none`, protocol: 'tcode-v03' },
      { path: pty.path, protocol: 'no-such-protocol' },
    ];
    await using live = await start({ ports }, 0);
    await deviceCount(live, 0);
    expect(live.log.join()).toContain('no protocol claims it');
  });
});
