import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BluetoothRoom } from '../support/bluetooth/bluetooth-room.js';
import { GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';
import { NO_RADIO } from '../support/no-radio.js';
import { describeSocat } from '../support/pty.js';

/** `pulsegate doctor`, as people run it. */

const OFF = {
  ...NO_RADIO,
  'mqtt-broker': { port: 0 },
};

const doctor = async (folder: TestFolder, config: object) => {
  await folder.write('pulsegate.yml', config);
  return pulsegate(['doctor'], folder.path);
};

/** A port that another program has. */
async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port');
  return { port: address.port, [Symbol.dispose]: () => void server.close() };
}

describe('pulsegate doctor', () => {
  it('says of everything that it is fine, where it is', async () => {
    await using folder = await TestFolder.create();
    const { code, stdout, stderr } = await doctor(folder, { http: { port: 0 }, plugins: OFF });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ok {2}Node\.js: 24\./m);
    expect(stdout).toMatch(/^ok {2}configuration: makes sense$/m);
    expect(stdout).toMatch(/^ok {2}scripts: the sandbox loads$/m);
    expect(stdout).toMatch(/\nNothing stands in the way\.\n$/);
    expect(stdout).not.toContain('!!  ');
  });

  it('finds a port that is taken, a folder that is none, and a broker that is not there, and says what to do', async () => {
    await using folder = await TestFolder.create();
    using taken = await takenPort();
    const { code, stdout } = await doctor(folder, {
      http: { port: taken.port },
      devices: { state: '/proc/nobody/devices.yml' },
      plugins: { ...OFF, 'transport-mqtt': { broker: 'mqtt://127.0.0.1:1', username: 'user', password: 'secret' } },
    });
    expect(code).toBe(1);
    expect(stdout).toContain(`!!  port: another program has 127.0.0.1:${taken.port}`);
    expect(stdout).toContain('http.port');
    expect(stdout).toMatch(/^!! {2}data: \/proc cannot be written/m);
    expect(stdout).toMatch(
      /^!! {2}transport-mqtt: mqtt:\/\/127\.0\.0\.1:1 does not let the gateway in: .*ECONNREFUSED/m,
    );
    expect(stdout).not.toContain('secret');
    expect(stdout).toMatch(/\n3 problems, marked !!\n$/);
  });

  it('leaves a bad configuration to its own words', async () => {
    await using folder = await TestFolder.create();
    const { code, stderr } = await doctor(folder, { http: { port: 'x' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/pulsegate\.yml:\d+: http\.port: /);
  });

  it('asks a gateway that runs how its plugins fare, and opens nothing', async () => {
    await using folder = await TestFolder.create();
    await using running = await GatewayProcess.start(folder, {
      plugins: { ...OFF, 'hardware-serial': { ports: [{ path: '/dev/none', protocol: 'tcode-v03' }] } },
    });
    const { stdout } = await doctor(folder, { http: { port: running.port }, plugins: OFF });
    expect(stdout).toContain(`ok  port: a gateway runs on 127.0.0.1:${running.port}`);
    expect(stdout).toContain('ok  hardware-serial: runs');
  });

  it('asks one that wants a token the same way', async () => {
    await using folder = await TestFolder.create();
    await using running = await GatewayProcess.start(folder, {
      http: { token: 'a-token-of-sixteen-characters' },
      plugins: OFF,
    });
    const { stdout } = await doctor(folder, { http: { port: running.port }, plugins: OFF });
    expect(stdout).toContain(`ok  port: a gateway runs on 127.0.0.1:${running.port}`);
    expect(stdout).toContain('ok  mqtt-broker: runs');
  });

  it('looks at every link to hardware that is on', async () => {
    await using folder = await TestFolder.create();
    using taken = await takenPort();
    const { code, stdout } = await doctor(folder, {
      http: { port: 0 },
      plugins: {
        ...OFF,
        'hardware-hid': { enabled: true },
        'hardware-websocket': { enabled: true, port: taken.port },
        'hardware-lovense-dongle': { enabled: true, serialPort: '/dev/none' },
        'hardware-lovense-connect': { enabled: true, hosts: ['http://127.0.0.1:1'] },
      },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^(ok|--) {2}hardware-hid: /m);
    expect(stdout).toMatch(
      new RegExp(`^!! {2}hardware-websocket: Cannot listen on 127\\.0\\.0\\.1:${taken.port} `, 'm'),
    );
    expect(stdout).toMatch(/^-- {2}hardware-lovense-dongle: there is no port \/dev\/none\n {4}plug the dongle in/m);
    expect(stdout).toMatch(
      /^-- {2}hardware-lovense-connect: http:\/\/127\.0\.0\.1:1\/GetToys cannot be reached: .*\n {4}open the/m,
    );
    expect(stdout).toMatch(/\nOne problem, marked !!\n$/);
  });

  it('takes what looks for nothing for a problem', async () => {
    await using folder = await TestFolder.create();
    const { code, stdout } = await doctor(folder, {
      http: { port: 0 },
      plugins: {
        ...OFF,
        'hardware-lovense-dongle': { enabled: true, hid: false },
        'hardware-lovense-connect': { enabled: true, directory: '' },
      },
    });
    expect(code).toBe(1);
    expect(stdout).toContain('!!  hardware-lovense-dongle: no dongle is looked for');
    expect(stdout).toContain('!!  hardware-lovense-connect: no phone is looked for');
  });

  it('changes nothing: no file, no folder', async () => {
    await using folder = await TestFolder.create();
    await doctor(folder, { http: { port: 0 }, plugins: OFF });
    expect(await readdir(folder.path)).toEqual(['pulsegate.yml']);
  });

  it('says which ports of devices are not there', async () => {
    await using folder = await TestFolder.create();
    const ports = [{ path: '/dev/none', protocol: 'tcode-v03' }];
    const { code, stdout } = await doctor(folder, {
      http: { port: 0 },
      plugins: { ...OFF, 'hardware-serial': { ports } },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('--  hardware-serial: there is no port /dev/none');
  });
});

describeSocat('pulsegate doctor, of Bluetooth,', () => {
  it('says whether there is an adapter, and through what it is reached', async () => {
    await using folder = await TestFolder.create();
    await using room = await BluetoothRoom.create();
    const uart = { port: room.port.path };
    const there = await doctor(folder, { http: { port: 0 }, plugins: { ...OFF, 'hardware-bluetooth': { uart } } });
    expect(there.stdout).toContain(`ok  hardware-bluetooth: devices are reached through the adapter on ${uart.port}`);
    await room.port.unplug();
    const gone = await doctor(folder, { http: { port: 0 }, plugins: { ...OFF, 'hardware-bluetooth': { uart } } });
    expect(gone.stdout).toContain('--  hardware-bluetooth: Bluetooth cannot be used: there is no port');
    expect(gone.code).toBe(0);
  });
});
