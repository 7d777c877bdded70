import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scan, seesAt } from '../../support/client-view.js';
import { DataFolder } from '../../support/data-folder.js';
import { level } from '../../support/messages.js';
import { describeSocat, Pty, speedOf, timesOpen } from '../../support/pty.js';
import { clientOf, linesWith, startSerial, TCODE, tcodeOn } from '../../support/serial-gateway.js';
import { PATIENCE_MS } from '../../support/timing.js';
import type { WireClient } from '../../support/wire-client.js';

/** All ports are looked at, as if none had been seen before, several times. Each scan waits for its look. */
async function lookSeveralTimes(client: WireClient): Promise<void> {
  for (let round = 0; round < 3; round++) {
    client.events.splice(0);
    await scan(client);
    await client.event((message) => 'ScanningFinished' in message);
  }
}

/** A device configuration file of the user with serial links of TCode machines. */
async function userConfigWith(folder: DataFolder, ...links: readonly { port: string; baud_rate: number }[]) {
  const path = join(folder.path, 'user.json');
  const communication = links.map((link) => ({ serial: { data_bits: 8, parity: 'N', stop_bits: 1, ...link } }));
  const user = { version: { major: 4 }, user_configs: { protocols: { 'tcode-v03': { communication } } } };
  await writeFile(path, JSON.stringify(user));
  return path;
}

describeSocat('of the serial ports', () => {
  it('none is opened that nobody has named, whatever tables say about any port', async () => {
    await using folder = await DataFolder.create();
    await using named = await Pty.create();
    await using other = await Pty.create();
    const userConfig = await userConfigWith(folder, { port: 'default', baud_rate: 9600 });
    await using live = await startSerial({ ports: [tcodeOn(named.path)], devices: { userConfig } });
    const client = await clientOf(live);
    await lookSeveralTimes(client);
    expect(await speedOf(named.path)).toBe(9600);
    expect(await speedOf(other.path)).toBe(0);
    expect(await timesOpen(other.path)).toBe(0);
    client.webSocket.terminate();
  });

  it('one that is named twice is opened once, and the other entry is told', async () => {
    await using pty = await Pty.create();
    const ports = [tcodeOn(pty.path), tcodeOn(pty.path, { baudRate: 9600 })];
    await using live = await startSerial({ ports });
    const client = await clientOf(live);
    await lookSeveralTimes(client);
    expect(await timesOpen(pty.path)).toBe(1);
    expect(await speedOf(pty.path)).toBe(115_200);
    await seesAt(client, { 0: TCODE });
    const told = linesWith(live, 'plugins.hardware-serial.ports[1]');
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`the same port as plugins.hardware-serial.ports[0]`);
    client.webSocket.terminate();
  });

  it('one that has two names is opened once, by the first of them, and the other entry is told', async () => {
    await using folder = await DataFolder.create();
    await using pty = await Pty.create();
    const byId = join(folder.path, 'usb-Maker_Stroker-if00-port0');
    await symlink(pty.path, byId);
    await using live = await startSerial({ ports: [tcodeOn(byId), tcodeOn(pty.path, { baudRate: 9600 })] });
    const client = await clientOf(live);
    await lookSeveralTimes(client);
    expect(await timesOpen(pty.path)).toBe(1);
    expect(await speedOf(pty.path)).toBe(115_200);
    await seesAt(client, { 0: TCODE });
    expect(linesWith(live, 'plugins.hardware-serial.ports[1]')).toHaveLength(1);
    expect(linesWith(live, 'another program')).toEqual([]);
    client.webSocket.terminate();
  });

  it('one is not opened by its second name while the first is away for a moment', async () => {
    await using folder = await DataFolder.create();
    await using pty = await Pty.create();
    const byId = join(folder.path, 'usb-Maker_Stroker-if00-port0');
    // The second entry has it first: its link comes later.
    await using live = await startSerial({ ports: [tcodeOn(byId), tcodeOn(pty.path, { baudRate: 9600 })] });
    const client = await clientOf(live);
    expect(await speedOf(pty.path)).toBe(9600);
    await symlink(pty.path, byId);
    await expect
      .poll(() => linesWith(live, 'plugins.hardware-serial.ports[0]').length, { timeout: PATIENCE_MS })
      .toBe(1);
    await lookSeveralTimes(client);
    expect(await timesOpen(pty.path)).toBe(1);
    expect(await speedOf(pty.path)).toBe(9600);
    await seesAt(client, { 0: TCODE });
    client.webSocket.terminate();
  });

  it('one that the configuration names goes before the same in a device configuration file', async () => {
    await using folder = await DataFolder.create();
    await using pty = await Pty.create();
    const userConfig = await userConfigWith(folder, { port: pty.path, baud_rate: 9600 });
    await using live = await startSerial({
      ports: [tcodeOn(pty.path, { baudRate: 57_600 })],
      devices: { userConfig },
    });
    const client = await clientOf(live);
    await lookSeveralTimes(client);
    expect(await speedOf(pty.path)).toBe(57_600);
    expect(linesWith(live, 'the same port as').length).toBe(1);
    client.webSocket.terminate();
  });

  it('what is none gets one sentence, and disturbs nothing', async () => {
    await using folder = await DataFolder.create();
    await using pty = await Pty.create();
    const file = join(folder.path, 'file');
    await writeFile(file, 'no port');
    const none = [file, folder.path, '/dev/null'];
    await using live = await startSerial({ ports: [...none.map((path) => tcodeOn(path)), tcodeOn(pty.path)] });
    const client = await clientOf(live);
    await lookSeveralTimes(client);
    for (const path of none) {
      const told = linesWith(live, `${path} is no serial port`);
      expect(told, path).toHaveLength(1);
      expect(told[0]).not.toMatch(/ioctl|directory,/);
      if (path !== '/dev/null') expect(await timesOpen(path)).toBe(0);
    }
    await seesAt(client, { 0: TCODE });
    expect(await client.ask(level(0, 0, 'Position', 123))).toHaveProperty('Ok');
    await pty.hears('L0123\n');
    client.webSocket.terminate();
  });
});

describeSocat('the baud rate of a serial port', () => {
  it('is that of the protocol, of a file that names the port, or of the configuration', async () => {
    await using folder = await DataFolder.create();
    await using ofProtocol = await Pty.create();
    await using ofOther = await Pty.create();
    await using ofConfig = await Pty.create();
    await using ofFile = await Pty.create();
    const userConfig = await userConfigWith(folder, { port: ofFile.path, baud_rate: 38_400 });
    const ports = [
      tcodeOn(ofProtocol.path),
      { path: ofOther.path, protocol: 'nobra' },
      tcodeOn(ofConfig.path, { baudRate: 921_600 }),
    ];
    await using live = await startSerial({ ports, devices: { userConfig }, count: 4 });
    expect(await speedOf(ofProtocol.path)).toBe(115_200);
    expect(await speedOf(ofOther.path)).toBe(19_200);
    expect(await speedOf(ofConfig.path)).toBe(921_600);
    expect(await speedOf(ofFile.path)).toBe(38_400);
    expect(linesWith(live, 'could not connect')).toEqual([]);
  });
});
