import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataFolder } from '../../support/data-folder.js';
import { type LiveGateway, startLive } from '../../support/live-gateway.js';
import { level, move } from '../../support/messages.js';
import { PATIENCE_MS } from '../../support/timing.js';
import { WebSocketDevice } from '../../support/websocket-device.js';
import { WireClient } from '../../support/wire-client.js';

const link = (name: string) => ({ communication: [{ websocket: { name } }] });
const USER_CONFIG = {
  version: { major: 4 },
  user_configs: { protocols: { 'tcode-v03': link('My stroker'), lovense: link('My vibrator') } },
};

/** A gateway that devices can connect to. */
class Stage implements AsyncDisposable {
  private constructor(
    readonly live: LiveGateway,
    private readonly folder: DataFolder,
  ) {}

  static async start(section: object = {}): Promise<Stage> {
    const folder = await DataFolder.create();
    const userConfig = join(folder.path, 'user.json');
    await writeFile(userConfig, JSON.stringify(USER_CONFIG));
    const live = await startLive({
      devices: 0,
      config: {
        devices: { userConfig },
        plugins: {
          'hardware-simulated': { devices: [] },
          'hardware-websocket': { enabled: true, port: 0, ...section },
        },
      },
    });
    return new Stage(live, folder);
  }

  get url(): string {
    const line = this.live.log.find((text) => text.includes('devices are welcome on'));
    return /ws:\/\/[^"]+/.exec(line ?? '')?.[0] ?? '';
  }

  device(options: Parameters<typeof WebSocketDevice.connect>[1] = {}): Promise<WebSocketDevice> {
    return WebSocketDevice.connect(this.url, options);
  }

  async stroker(address = 'stroker-1'): Promise<WebSocketDevice> {
    const device = await this.device();
    device.introduce('My stroker', address);
    await this.has(1);
    return device;
  }

  async has(count: number): Promise<void> {
    const devices = async () => Object.keys((await this.client()).devices).length;
    await expect.poll(devices, { interval: 10, timeout: PATIENCE_MS }).toBe(count);
  }

  /** A client that has the list of devices. */
  async client() {
    const client = await WireClient.open(this.live.url);
    await client.ask({ RequestServerInfo: { ClientName: 'x', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 } });
    const reply = await client.ask({ RequestDeviceList: {} });
    const devices = reply.DeviceList?.Devices ?? {};
    return { client, devices };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.live[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}

describe('a device on a WebSocket', () => {
  it('is there as soon as it has said what it is, without a scan, and is driven in binary frames', async () => {
    await using stage = await Stage.start();
    await using device = await stage.stroker();
    const { client } = await stage.client();
    expect(await client.ask(move(0, 0, 500, 200))).toHaveProperty('Ok');
    await device.hears('L0500I200\n');
    expect(device.told).toHaveLength(1);
    client.webSocket.terminate();
  });

  it('is heard: its answers identify it, and are read as bytes, be they text or binary', async () => {
    await using stage = await Stage.start();
    await using device = await stage.device();
    device.answer = (text) => ({ 'DeviceType;': Buffer.from('P:02:0082059AD3BD;'), 'Battery;': '42;' })[text];
    device.introduce('My vibrator', 'vibrator-1');
    await stage.has(1);
    const { client, devices } = await stage.client();
    expect(JSON.stringify(devices)).toContain('Lovense Edge');
    const read = { InputCmd: { DeviceIndex: 0, FeatureIndex: 2, Type: 'Battery', Command: 'Read' } };
    expect(await client.ask(read)).toMatchObject({ InputReading: { Reading: { Battery: { Value: 42 } } } });
    client.webSocket.terminate();
  });

  it('is stopped when its client goes, and when the gateway ends', async () => {
    await using stage = await Stage.start();
    await using device = await stage.device();
    device.answer = (text) => (text === 'DeviceType;' ? 'P:02:0082059AD3BD;' : undefined);
    device.introduce('My vibrator', 'vibrator-1');
    await stage.has(1);
    const drive = async () => {
      const { client } = await stage.client();
      await client.ask(level(0, 0, 'Vibrate', 5));
      await device.hears('Vibrate1:5;');
      return client;
    };
    (await drive()).webSocket.terminate();
    await device.hears('Vibrate1:0;');
    await drive();
    await stage.live.gateway.stop();
    await device.closed;
    expect(device.told.lastIndexOf('Vibrate1:0;')).toBeGreaterThan(device.told.lastIndexOf('Vibrate1:5;'));
  });

  it('is gone when its connection is, and comes back with its index when it calls again', async () => {
    await using stage = await Stage.start();
    const device = await stage.stroker();
    await device[Symbol.asyncDispose]();
    await stage.has(0);
    await using again = await stage.stroker();
    const { client, devices } = await stage.client();
    expect(Object.keys(devices)).toEqual(['0']);
    expect(await client.ask(move(0, 0, 100, 100))).toHaveProperty('Ok');
    await again.hears('L0100I100\n');
    client.webSocket.terminate();
  });

  it('that gives no sign of life is gone; one that does stays', async () => {
    await using stage = await Stage.start({ idleTimeout: 100 });
    await using living = await stage.stroker('living');
    await using mute = await stage.device({ autoPong: false });
    mute.introduce('My stroker', 'mute');
    await stage.has(2);
    await mute.closed;
    await stage.has(1);
    expect(living.socket.readyState).toBe(living.socket.OPEN);
    expect(living.pings).toBeGreaterThan(0);
  });
});

describe('somebody who connects as a device', () => {
  it.each([
    ['says something else first', 'hello'],
    ['leaves out its address', JSON.stringify({ identifier: 'My stroker', version: 0 })],
    ['has a version that is no number', JSON.stringify({ identifier: 'My stroker', address: 'a', version: 'x' })],
    ['is binary first', Buffer.from(JSON.stringify({ identifier: 'My stroker', address: 'a', version: 0 }))],
    ['sends junk', randomBytes(1000)],
  ])('is turned away with a reason when it %s', async (_what, frame) => {
    await using stage = await Stage.start();
    await using device = await stage.device();
    device.socket.send(frame);
    expect(await device.closed).toEqual({ code: 1008, reason: expect.stringContaining('"identifier"') });
    await stage.has(0);
  });

  it('is turned away when it says nothing, is unknown, or is there already', async () => {
    await using stage = await Stage.start({ handshakeTimeout: 100 });
    await using silent = await stage.device();
    expect((await silent.closed).reason).toContain('did not say what it is');
    await using unknown = await stage.device();
    unknown.introduce('Nobody knows me', 'a');
    expect(await unknown.closed).toEqual({ code: 1008, reason: expect.stringContaining('no protocol knows') });
    await using first = await stage.stroker('same');
    await using second = await stage.device();
    second.introduce('My stroker', 'same');
    expect((await second.closed).code).toBe(1008);
    expect(first.socket.readyState).toBe(first.socket.OPEN);
  });

  it('loses its connection alone when a frame is too large, and none gets in beyond the limit', async () => {
    await using stage = await Stage.start({ maxPayload: 256, maxDevices: 2 });
    await using device = await stage.stroker();
    await using hostile = await stage.device();
    await expect(stage.device()).rejects.toThrow('503');
    hostile.socket.send('x'.repeat(257));
    expect((await hostile.closed).code).toBe(1009);
    expect(device.socket.readyState).toBe(device.socket.OPEN);
    await using next = await stage.device();
    expect(next.socket.readyState).toBe(next.socket.OPEN);
  });

  it('may be a page of this machine or one that is allowed, and no other page', async () => {
    await using stage = await Stage.start({ allowedOrigins: ['https://toys.example.org'] });
    for (const origin of ['http://localhost:3000', 'http://[::1]:8080', 'https://toys.example.org']) {
      await using device = await stage.device({ origin });
      expect(device.socket.readyState).toBe(device.socket.OPEN);
    }
    await expect(stage.device({ origin: 'https://example.com' })).rejects.toThrow('403');
    expect((await fetch(stage.url.replace('ws:', 'http:'))).status).toBe(426);
  });

  it('is not let in from the network unless somebody says that this is all right', async () => {
    await using closed = await Stage.start({ host: '0.0.0.0' });
    expect(closed.live.log.join()).toContain('anybody in the network could pretend to be a device');
    await using open = await Stage.start({ host: '0.0.0.0', insecure: true });
    expect(open.url).toMatch(/^ws:\/\/0\.0\.0\.0:\d+$/);
  });
});
