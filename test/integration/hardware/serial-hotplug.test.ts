import { chmod, rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSerialPort } from '../../../core/hardware/serial-driver.js';
import { seesAt } from '../../support/client-view.js';
import { DataFolder } from '../../support/data-folder.js';
import { level, move } from '../../support/messages.js';
import { describeSocat, Pty, timesOpen } from '../../support/pty.js';
import { clientOf, linesWith, startSerial, TCODE, tcodeOn } from '../../support/serial-gateway.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Has a link lead there, as those in /dev/serial/by-id do. */
async function leadTo(link: string, port: string): Promise<void> {
  await symlink(port, `${link}.new`);
  await rename(`${link}.new`, link);
}

describeSocat('a serial port', () => {
  it('that comes later is found without a scan, and is the same device whenever it comes back', async () => {
    await using first = await Pty.create();
    await using second = await Pty.create();
    await second.unplug();
    await using live = await startSerial({ ports: [tcodeOn(first.path), tcodeOn(second.path)] });
    const client = await clientOf(live);
    await second.plugIn();
    await seesAt(client, { 0: TCODE, 1: TCODE });
    for (const pty of [first, second, first]) {
      await pty.unplug();
      await seesAt(client, { [pty === first ? 1 : 0]: TCODE });
      await pty.plugIn();
      await seesAt(client, { 0: TCODE, 1: TCODE });
    }
    first.heard = '';
    second.heard = '';
    expect(await client.ask(move(0, 0, 300, 100))).toHaveProperty('Ok');
    await first.hears('L0300I100\n');
    expect(second.heard).toBe('');
    client.webSocket.terminate();
  });

  it('is gone when it vanishes while the device talks, and is not read from any more', async () => {
    await using pty = await Pty.create();
    // It is not looked for until long after: only the port itself can tell.
    await using live = await startSerial({ ports: [tcodeOn(pty.path)], rescan: 600_000 });
    const client = await clientOf(live);
    for (let round = 0; round < 3; round++) {
      const talking = setInterval(() => pty.say(new Uint8Array(65_536).fill(46)), 1);
      await expect.poll(() => linesWith(live, 'nobody reads').length, { timeout: PATIENCE_MS }).toBeGreaterThan(round);
      await pty.unplug();
      clearInterval(talking);
      await seesAt(client, {});
      await pty.plugIn();
      await seesAt(client, { 0: TCODE });
    }
    client.webSocket.terminate();
  });

  it('behind a link is the same device, whichever port the link leads to', async () => {
    await using folder = await DataFolder.create();
    await using before = await Pty.create();
    await using after = await Pty.create();
    const byId = join(folder.path, 'usb-Maker_Stroker-if00-port0');
    await leadTo(byId, before.path);
    await using live = await startSerial({ ports: [tcodeOn(byId)] });
    const client = await clientOf(live);
    expect(await client.ask(level(0, 0, 'Position', 200))).toHaveProperty('Ok');
    await before.hears('L0200\n');
    // As the system does it: the port is gone, and the link to it; then both are there anew, the port with another number.
    await before.unplug();
    await unlink(byId);
    await seesAt(client, {});
    await leadTo(byId, after.path);
    await seesAt(client, { 0: TCODE });
    expect(await client.ask(level(0, 0, 'Position', 700))).toHaveProperty('Ok');
    await after.hears('L0700\n');
    client.webSocket.terminate();
  });

  it('is left when its link leads to another one', async () => {
    await using folder = await DataFolder.create();
    await using before = await Pty.create();
    await using after = await Pty.create();
    const byId = join(folder.path, 'usb-Maker_Stroker-if00-port0');
    await leadTo(byId, before.path);
    await using live = await startSerial({ ports: [tcodeOn(byId)] });
    const client = await clientOf(live);
    await leadTo(byId, after.path);
    await expect.poll(() => timesOpen(after.path), { timeout: PATIENCE_MS }).toBe(1);
    expect(await timesOpen(before.path)).toBe(0);
    await seesAt(client, { 0: TCODE });
    expect(await client.ask(level(0, 0, 'Position', 700))).toHaveProperty('Ok');
    await after.hears('L0700\n');
    expect(before.heard).not.toContain('L0700');
    client.webSocket.terminate();
  });

  it('that could not be opened is tried again, without a scan, when who may open it has changed', async () => {
    await using pty = await Pty.create();
    const other = await openSerialPort({ path: pty.path, baudRate: 9600 });
    await using live = await startSerial({ ports: [tcodeOn(pty.path)], count: 0 });
    const client = await clientOf(live, 0);
    await expect.poll(() => linesWith(live, 'another program has it open').length, { timeout: PATIENCE_MS }).toBe(1);
    await other.close(true);
    // As the system does it a moment after a port has come.
    await chmod(pty.path, 0o640);
    await seesAt(client, { 0: TCODE });
    expect(linesWith(live, 'could not connect')).toHaveLength(1);
    client.webSocket.terminate();
  });

  it('that is none yet when its name comes is taken as soon as it is one', async () => {
    await using folder = await DataFolder.create();
    await using pty = await Pty.create();
    const path = join(folder.path, 'tty');
    await leadTo(path, folder.path);
    await using live = await startSerial({ ports: [tcodeOn(path)], count: 0 });
    const client = await clientOf(live, 0);
    await expect.poll(() => linesWith(live, 'no serial port').length, { timeout: PATIENCE_MS }).toBe(1);
    await leadTo(path, pty.path);
    await seesAt(client, { 0: TCODE });
    client.webSocket.terminate();
  });
});
