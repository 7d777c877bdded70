import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandProcess } from '../support/command-process.js';
import { GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';
import { PacketRecording } from '../support/packet-recording.js';
import { writeScript } from '../support/scripting/write-script.js';
import { PATIENCE_MS } from '../support/timing.js';

/** `pulsegate script run`: one script, with its log on the terminal. */

/** Runs it to its end. */
async function run(folder: TestFolder, ...args: readonly string[]) {
  await using command = new CommandProcess(['script', 'run', ...args], folder.path);
  const { code } = await command.exited;
  return { code, said: command.messages, output: command.output };
}

const STEADY = `await devices.find('*').vibrate(0.5); console.log('on'); every(60_000, () => {});`;

describe('script run --simulate', () => {
  it('runs a script to its end, shows what it says and what the devices do, and exits with 0', async () => {
    await using folder = await TestFolder.create();
    await folder.write(
      'scene.js',
      `const edge = devices.find('Lovense Edge'), handy = devices.find('The Handy');
       console.log(devices.list().map(({ name }) => name).join());
       await edge.vibrate(0.5); await sleep(1000);
       await edge.feature(1).vibrate(0.1); await sleep(1000);
       await edge.stop(); await handy.positionWithDuration(0.5, 1000); await sleep(1500);`,
    );
    const { code, said } = await run(folder, 'scene.js', '--simulate');
    expect(code).toBe(0);
    const told = said.filter((line) => /^(Lovense Edge|The Handy)/.test(line));
    expect(told[0]).toBe('Lovense Edge,The Handy');
    expect(told.filter((line) => line.startsWith('Lovense Edge: '))).toEqual([
      'Lovense Edge: Vibrate 10 of 20',
      'Lovense Edge: Vibrate 10 of 20, 2 of 20',
      'Lovense Edge: Vibrate 0 of 20',
    ]);
    expect(told).toContainEqual(expect.stringMatching(/^The Handy: HwPositionWithDuration \d+ of 100, moving$/));
    expect(told.at(-1)).toBe('The Handy: HwPositionWithDuration 50 of 100');
    expect(said).toContain('scene has finished');
    expect(said.at(-1)).toBe('stopped; every device was told to');
  });

  it('shows an output at most four times a second, whatever becomes of it in between', async () => {
    await using folder = await TestFolder.create();
    await folder.write(
      'busy.js',
      `const edge = devices.find('Lovense Edge');
       for (let step = 1; step < 40; step += 1) { await edge.vibrate((step % 20) / 20); await sleep(30); }
       await edge.vibrate(1); await sleep(500); await edge.stop();`,
    );
    await using command = new CommandProcess(['script', 'run', 'busy.js', '--simulate'], folder.path);
    await command.exited;
    const lines = command.log.filter(({ msg }) => msg.startsWith('Lovense Edge: Vibrate'));
    expect(lines.map(({ msg }) => msg)).toContain('Lovense Edge: Vibrate 20 of 20');
    expect(lines.at(-1)?.msg).toBe('Lovense Edge: Vibrate 0 of 20');
    // The last look is not put off. Times in the log are whole milliseconds, by another clock.
    const gaps = lines.slice(1, -1).map(({ time }, index) => time - (lines[index]?.time ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(245);
  });

  it('has the models that are asked for, and says so when there is no such model', async () => {
    await using folder = await TestFolder.create();
    await folder.write('list.js', 'console.log(devices.list().map(({ name }) => name).join());');
    const models = ['-d', 'pulsegate testbed', '--device', 'Lovense Edge', '-d', 'Lovense Edge'];
    expect((await run(folder, 'list.js', ...models)).said).toContain('Pulsegate Testbed,Lovense Edge,Lovense Edge');
    const { code, output } = await run(folder, 'list.js', '-d', 'Lovnse Edge');
    expect(code).toBe(1);
    expect(output).toContain('There is no model \\"Lovnse Edge\\" in the catalogue; near ones: Lovense Edge');
  });

  it('ends with the first failure: exit code 1, the message and its place', async () => {
    await using folder = await TestFolder.create();
    await mkdir(join(folder.path, 'scene'));
    await folder.write('scene/index.js', "import { fail } from './lib.js';\nawait sleep(10);\nfail();\n");
    await folder.write('scene/lib.js', "export function fail() {\n  throw new TypeError('no such thing');\n}\n");
    const { code, said } = await run(folder, 'scene', '--simulate');
    expect(code).toBe(1);
    expect(said).toContain('scene has failed: scene/lib.js:2:9: TypeError: no such thing');
    expect(said.filter((line) => line.startsWith('client connected'))).toHaveLength(1);
    expect(said.join('\n')).not.toContain('starting it again');
  });

  it.each([
    [
      'a header that is wrong',
      '/* pulsegate\n * enabled: perhaps\n */',
      'x cannot run: x.js:2: enabled: found "perhaps"',
    ],
    ['a host that is none', '/* pulsegate\n * http: [999.1.1.1]\n */', 'x cannot run: "999.1.1.1" names no host'],
    ['a text that cannot be read', 'let a = ;', "x has failed: x.js:1:9: SyntaxError: Unexpected token ';'"],
    ['a turn without an end', 'for (;;);', 'x has failed: One turn took'],
    ['something that was not granted', "await http.fetch('http://example.org');", 'x has failed: x.js:1:'],
  ])('ends with %s', async (_name, text, beginning) => {
    await using folder = await TestFolder.create();
    await folder.write('x.js', text);
    const { code, said } = await run(folder, 'x.js', '--simulate');
    expect(code).toBe(1);
    expect(said).toContainEqual(expect.stringContaining(beginning));
  });

  it('leaves nothing behind, and nothing of the user’s is touched', async () => {
    await using folder = await TestFolder.create();
    await using temporary = await TestFolder.create();
    await folder.write('keep.js', "await storage.set('count', 1); console.log('kept');");
    await using command = new CommandProcess(['script', 'run', 'keep.js', '--simulate'], folder.path, {
      TMPDIR: temporary.path,
    });
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.messages).toContain('kept');
    expect(await readdir(folder.path)).toEqual(['keep.js']);
    expect(await readdir(temporary.path)).toEqual([]);
  });

  it('goes by what the configuration says of scripts, and runs beside a gateway', async () => {
    await using folder = await TestFolder.create();
    await writeScript(folder.path, 'other.js', "console.log('the other one');");
    await folder.write('mine.js', STEADY.replace("'*'", "'Lovense Edge'"));
    await using running = await GatewayProcess.start(folder, {
      scripts: { each: { mine: { devices: [{ name: 'The Handy' }] } } },
    });
    await folder.write('pulsegate.yml', {
      http: { port: running.port },
      scripts: { each: { mine: { devices: [{ name: 'The Handy' }] } } },
    });
    const { code, said } = await run(folder, 'mine.js', '--simulate');
    expect(code).toBe(1);
    // It was not granted the device, so there is none.
    expect(said).toContainEqual(expect.stringMatching(/^mine has failed: mine\.js:1:\d+: TypeError/));
    expect(said).not.toContain('the other one');
  });

  it('runs where the configuration has secrets', async () => {
    await using folder = await TestFolder.create();
    const token = 'a-token-for-a-test';
    await folder.write('pulsegate.yml', {
      http: { port: 0, token },
      scripts: { token },
      plugins: {
        'transport-mqtt': { password: token },
        'mqtt-broker': { users: { home: { password: token } } },
        'hardware-remote': { remotes: [{ name: 'room', url: 'ws://127.0.0.1:9', token }] },
      },
    });
    await folder.write('hello.js', 'console.log("hello");');
    const { code, said, output } = await run(folder, 'hello.js', '--simulate');
    expect(said).toContain('hello');
    expect(code).toBe(0);
    expect(output).not.toContain(token);
  });

  it('stops the devices with Ctrl-C, which is to be seen, and exits with 0', async () => {
    await using folder = await TestFolder.create();
    await folder.write('steady.js', STEADY);
    await using command = new CommandProcess(['script', 'run', 'steady.js', '--simulate'], folder.path);
    await command.says('Lovense Edge: Vibrate 10 of 20');
    command.signal('SIGINT');
    expect(await command.exited).toEqual({ code: 0, signal: null });
    const { messages } = command;
    expect(messages.slice(messages.indexOf('stopping: SIGINT'))).toContain('Lovense Edge: Vibrate 0 of 20');
    expect(messages.join('\n')).not.toContain('has failed');
  });
});

describe('script run without --simulate', () => {
  const section = { 'hardware-simulated': { enabled: false } };

  it('has the devices of the configuration, which stop with Ctrl-C, and no other script beside it', async () => {
    await using folder = await TestFolder.create();
    await writeScript(folder.path, 'other.js', "console.log('the other one');");
    const recording = new PacketRecording(folder.path);
    const plugins = { ...section, ...(await recording.install()) };
    const config = await folder.write('mine.yml', { http: { port: 0 }, plugins });
    await folder.write('steady.js', STEADY);
    await using command = new CommandProcess(['script', 'run', 'steady.js', '-c', config], folder.path);
    await expect
      .poll(async () => (await recording.events()).at(-1), { interval: 5, timeout: PATIENCE_MS })
      .toMatchObject({ what: 'write', hex: '0100000a' });
    command.signal('SIGINT');
    expect(await command.exited).toEqual({ code: 0, signal: null });
    const orders = (await recording.events()).flatMap((event) => (event.what === 'write' ? [event.hex] : []));
    expect(orders.filter((hex) => hex.startsWith('0100')).at(-1)).toBe('01000000');
    expect((await recording.events()).at(-1)).toMatchObject({ what: 'disconnected' });
    expect(command.output).not.toContain('the other one');
  });

  it('keeps what it stores where the gateway keeps it', async () => {
    await using folder = await TestFolder.create();
    await folder.write('pulsegate.yml', { http: { port: 0 }, scripts: { storage: './kept' }, plugins: section });
    await folder.write(
      'count.js',
      "const n = (await storage.get('n')) ?? 0; console.log('n', n); await storage.set('n', n + 1);",
    );
    expect((await run(folder, 'count.js')).said).toContain('n 0');
    expect((await run(folder, 'count.js')).said).toContain('n 1');
    await access(join(folder.path, 'kept'));
  });

  it('says what to do when a gateway has the port', async () => {
    await using folder = await TestFolder.create();
    await folder.write('steady.js', STEADY);
    await using running = await GatewayProcess.start(folder, { plugins: section });
    await folder.write('pulsegate.yml', { http: { port: running.port }, plugins: section });
    const { code, said } = await run(folder, 'steady.js');
    expect(code).toBe(1);
    expect(said.at(-1)).toBe(
      `A gateway runs on 127.0.0.1:${running.port} already, and it has the devices: stop it, or put the script into its folder of scripts, or try the script with --simulate`,
    );
  });

  it('says so when there is no such script, and when the configuration is wrong', async () => {
    await using folder = await TestFolder.create();
    expect(await pulsegate(['script', 'run', 'none.js'], folder.path)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'none.js: there is no such file\n',
    });
    await folder.write('none.js', '');
    await folder.write('pulsegate.yml', 'http: { port: x }\n');
    for (const flags of [[], ['--simulate']]) {
      const { code, stderr } = await pulsegate(['script', 'run', 'none.js', ...flags], folder.path);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^pulsegate\.yml:1: http\.port: found "x"/);
    }
  });
});
