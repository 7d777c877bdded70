import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';
import { NO_RADIO } from '../support/no-radio.js';
import { describeSocat, Pty, speedOf } from '../support/pty.js';

const PLUGINS = { ...NO_RADIO, 'mqtt-broker': { port: 0 } };

/** What the doctor says of these ports, with a line for what to do under each. */
async function serialFindings(folder: TestFolder, ...paths: readonly string[]) {
  const ports = paths.map((path) => ({ path, protocol: 'tcode-v03' }));
  await folder.write('pulsegate.yml', { http: { port: 0 }, plugins: { ...PLUGINS, 'hardware-serial': { ports } } });
  const { code, stdout } = await pulsegate(['doctor'], folder.path);
  const findings = stdout.match(/^.{2} {2}hardware-serial: .*(\n {4}.*)?/gm) ?? [];
  return { code, findings };
}

describeSocat('pulsegate doctor, of serial ports,', () => {
  it('says which are there, and leaves them and all others alone', async () => {
    await using folder = await TestFolder.create();
    await using named = await Pty.create();
    await using other = await Pty.create();
    const { code, findings } = await serialFindings(folder, named.path);
    expect(findings).toEqual([`ok  hardware-serial: ${named.path} is there`]);
    expect(code).toBe(0);
    expect(await speedOf(named.path)).toBe(0);
    expect(await speedOf(other.path)).toBe(0);
  });

  it('says of those that are not there what is missing: the port, or where a link leads to', async () => {
    await using folder = await TestFolder.create();
    const link = join(folder.path, 'usb-Maker_Stroker-if00-port0');
    await symlink('/dev/ttyUSB-none', link);
    const { code, findings } = await serialFindings(folder, '/dev/none', link);
    expect(findings[0]).toMatch(/^-- {2}hardware-serial: there is no port \/dev\/none\n {4}plug the device in/);
    expect(findings[1]).toContain(`--  hardware-serial: ${link} leads to /dev/ttyUSB-none, which is not there\n    `);
    expect(findings[1]).toContain('plug the device in');
    expect(code).toBe(0);
  });

  it('says which are no serial ports', async () => {
    await using folder = await TestFolder.create();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const { code, findings } = await serialFindings(folder, file, '/dev/null');
    for (const [at, path] of [file, '/dev/null'].entries()) {
      expect(findings[at]).toContain(`!!  hardware-serial: ${path} is no serial port\n    `);
      expect(findings[at]).toContain(`plugins.hardware-serial.ports[${at}].path`);
    }
    expect(code).toBe(1);
  });

  it('says which are one port under two names', async () => {
    await using folder = await TestFolder.create();
    await using pty = await Pty.create();
    const link = join(folder.path, 'usb-Maker_Stroker-if00-port0');
    await symlink(pty.path, link);
    const { code, findings } = await serialFindings(folder, link, pty.path);
    expect(findings[0]).toBe(`ok  hardware-serial: ${link} is there`);
    expect(findings[1]).toContain(`!!  hardware-serial: ${pty.path} is the same port as ${link}\n    `);
    expect(findings[1]).toContain('plugins.hardware-serial.ports[1]');
    expect(code).toBe(1);
  });

  it('says which another program has, without opening them', async () => {
    await using folder = await TestFolder.create();
    await using elsewhere = await TestFolder.create();
    await using pty = await Pty.create();
    await using running = await GatewayProcess.start(elsewhere, {
      plugins: { ...PLUGINS, 'hardware-serial': { ports: [{ path: pty.path, protocol: 'nobra' }] } },
    });
    await running.line((msg) => msg.startsWith('connected: Nobra'));
    const { code, findings } = await serialFindings(folder, pty.path);
    expect(findings[0]).toContain(`!!  hardware-serial: another program has ${pty.path} open: `);
    expect(findings[0]).toContain(`process ${running.child.pid}`);
    expect(code).toBe(1);
    // Its rate is still that of whoever has it.
    expect(await speedOf(pty.path)).toBe(19_200);
  });
});
