import {
  ButtplugBrowserWebsocketClientConnector,
  ButtplugClient,
  type ButtplugClientDevice,
  type ButtplugMessage,
  type Log,
  Ping,
} from 'buttplug-v1';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';

/** npm's buttplug 0.13.2, which speaks spec version 1, over the WebSocket that comes with Node. */

describe('buttplug 0.13.2 over WebSocket', () => {
  let live: LiveGateway;
  let client: ButtplugClient;
  let device: ButtplugClientDevice;

  beforeEach(async () => {
    live = await startLive();
    client = await connected(new ButtplugBrowserWebsocketClientConnector(live.url));
    device = only(client);
  });

  afterEach(async () => {
    if (client.Connected) await client.Disconnect();
    await live[Symbol.asyncDispose]();
  });

  it('lists the device with what version 1 has words for', () => {
    expect(device.Name).toBe('Pulsegate Testbed');
    expect(device.AllowedMessagesObject).toMatchObject({
      VibrateCmd: { FeatureCount: 1 },
      RotateCmd: { FeatureCount: 1 },
      LinearCmd: { FeatureCount: 1 },
      SingleMotorVibrateCmd: {},
      StopDeviceCmd: {},
    });
  });

  it('drives every kind of output it knows', async () => {
    await device.SendVibrateCmd(0.5);
    await device.SendRotateCmd(0.75, false);
    await expect.poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS }).toMatchObject({ 0: 10, 1: -15 });
    await device.SendLinearCmd(1, 10_000);
    await expect
      .poll(() => live.simulated.output(TESTBED, 8), { timeout: PATIENCE_MS })
      .toMatchObject({ moving: true });
  });

  it('drives with the messages of old players (B22)', async () => {
    await device.SendVorzeA10CycloneCmd(75, true);
    await live.simulated.reaches(TESTBED, 1, 15);
    await device.SendFleshlightLaunchFW12Cmd(20, 99);
    await expect
      .poll(() => live.simulated.output(TESTBED, 8), { timeout: PATIENCE_MS })
      .toMatchObject({ moving: true });
  });

  it('stops one device, and everything', async () => {
    await device.SendVibrateCmd(1);
    await live.simulated.reaches(TESTBED, 0, 20);
    await device.SendStopDeviceCmd();
    await live.simulated.reaches(TESTBED, 0, 0);
    await device.SendRotateCmd(1, true);
    await live.simulated.reaches(TESTBED, 1, 20);
    await client.StopAllDevices();
    await live.simulated.reaches(TESTBED, 1, 0);
  });

  it('gets the log lines it asked for', async () => {
    const lines: string[] = [];
    client.on('log', ({ LogMessage }: Log) => lines.push(LogMessage));
    await client.RequestLog('Info');
    const other = await connected(new ButtplugBrowserWebsocketClientConnector(live.url));
    await other.Disconnect();
    await expect.poll(() => lines.join('\n')).toContain('client left: e2e, spec 1');
  });

  it('stops what it drove when it disconnects', async () => {
    await device.SendVibrateCmd(1);
    await live.simulated.reaches(TESTBED, 0, 20);
    await client.Disconnect();
    await live.simulated.reaches(TESTBED, 0, 0);
  });
});

describe('buttplug 0.13.2, held to a ping time', () => {
  const config = { plugins: { 'transport-websocket': { maxPingTime: 300 } } };

  it('stays connected and drives on while it pings by itself', async () => {
    await using live = await startLive({ config });
    const pings = new CountedPings(live.url);
    const client = await connected(pings);
    await only(client).SendVibrateCmd(1);
    await expect.poll(() => pings.count, { timeout: PATIENCE_MS }).toBeGreaterThan(4);
    expect((await live.simulated.output(TESTBED, 0)).level).toBe(20);
    await client.Disconnect();
  });

  it('is stopped and cut off when its pings no longer arrive', async () => {
    await using live = await startLive({ config });
    const pings = new CountedPings(live.url);
    const client = await connected(pings);
    const cutOff = new Promise<void>((resolve) => client.once('disconnect', () => resolve()));
    await only(client).SendVibrateCmd(1);
    await live.simulated.reaches(TESTBED, 0, 20);
    pings.lose();
    await cutOff;
    await live.simulated.reaches(TESTBED, 0, 0);
    expect(client.Connected).toBe(false);
  });
});

/** Counts the client's pings, or loses them on the way. */
class CountedPings extends ButtplugBrowserWebsocketClientConnector {
  count = 0;
  #losing = false;

  lose(): void {
    this.#losing = true;
  }

  override SendMessage(message: ButtplugMessage): void {
    if (message instanceof Ping) {
      if (this.#losing) return;
      this.count += 1;
    }
    super.SendMessage(message);
  }
}

/** This library's timer goes on pinging into the void after a cut; here it ends with the connection. */
class Client extends ButtplugClient {
  constructor() {
    super('e2e, spec 1');
    this.on('disconnect', () => {
      if (this._pingTimer) clearInterval(Number(this._pingTimer));
    });
  }
}

async function connected(connector: ButtplugBrowserWebsocketClientConnector): Promise<ButtplugClient> {
  const client = new Client();
  await client.Connect(connector);
  return client;
}

function only(client: ButtplugClient): ButtplugClientDevice {
  const [device, ...others] = client.Devices;
  if (!device || others.length > 0) throw new Error(`${client.Devices.length} devices instead of one`);
  return device;
}
