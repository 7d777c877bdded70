import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Exit, GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';
import { PacketRecording } from '../support/packet-recording.js';
import { PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** `pulsegate start`, as a process. */

const simulated = { plugins: { 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }] } } };
const VIBRATE = { Vibrate: { Value: 13 } };

describe('pulsegate start says', () => {
  it('where it listens, how its plugins fare and that it is ready, as JSON when not on a terminal', async () => {
    await using folder = await TestFolder.create();
    const broken = await folder.plugin(
      'broken',
      `return { start() { throw new Error('no such adapter'); }, stop() {} };`,
    );
    await using running = await GatewayProcess.start(folder, {
      plugins: { ...simulated.plugins, 'transport-embedded': { enabled: false }, broken: { from: broken } },
    });
    const said = running.lines.map(({ level, msg }) => ({ level, msg }));
    expect(said).toContainEqual({ level: 30, msg: `listening on ws://127.0.0.1:${running.port}` });
    expect(said).toContainEqual({ level: 30, msg: `listening on ws://[::1]:${running.port}` });
    expect(said).toContainEqual({ level: 30, msg: 'plugin hardware-simulated: running' });
    expect(said).toContainEqual({ level: 30, msg: 'plugin transport-embedded: off' });
    expect(said).toContainEqual({ level: 40, msg: 'plugin broken is unavailable: no such adapter' });
    expect(said.at(-1)?.msg).toMatch(/^Pulsegate \d+\.\d+\.\d+ is ready/);
    expect(running.otherOutput).toEqual([]);
    for (const { time } of running.lines) expect(Math.abs(Number(time) - Date.now())).toBeLessThan(60_000);
  });

  it('it in plain lines with log.format: pretty', async () => {
    await using folder = await TestFolder.create();
    const file = await folder.write('pulsegate.yml', { ...simulated, http: { port: 0 }, log: { format: 'pretty' } });
    await using running = GatewayProcess.spawn(['--config', file], folder.path);
    await expect.poll(() => running.otherOutput.join('\n'), { timeout: PATIENCE_MS }).toMatch(/INFO: .* is ready/);
    expect(running.lines).toEqual([]);
    running.signal('SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(running.otherOutput.at(-1)).toContain('stopped; every device was told to');
  });

  it.each([
    ['warn', 40],
    ['debug', 20],
  ])('with --log-level %s nothing below it', async (level, least) => {
    await using folder = await TestFolder.create();
    const broken = await folder.plugin(
      'broken',
      `return { start() { throw new Error('no such adapter'); }, stop() {} };`,
    );
    const file = await folder.write('pulsegate.yml', {
      http: { port: 0 },
      log: { level: 'trace' },
      plugins: { broken: { from: broken } },
    });
    await using running = GatewayProcess.spawn(['--config', file, '--log-level', level], folder.path);
    await running.line((msg) => msg.startsWith('plugin broken is unavailable'));
    running.signal('SIGTERM');
    await running.exited;
    expect(Math.min(...running.lines.map((line) => line.level))).toBe(least);
  });

  it('nothing at all with --log-level silent, and serves', async () => {
    await using folder = await TestFolder.create();
    const port = await freePort();
    const args = ['--port', String(port), '--log-level', 'silent'];
    await using running = GatewayProcess.spawn(args, folder.path);
    const health = () =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(health, { timeout: PATIENCE_MS }).toBe(200);
    running.signal('SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect([...running.lines, ...running.otherOutput]).toEqual([]);
  });
});

describe('pulsegate start ends', () => {
  it('with 1 and one clear sentence when the port is in use', async () => {
    await using folder = await TestFolder.create();
    await using first = await GatewayProcess.start(folder, simulated);
    const second = await pulsegate(['start', '--port', String(first.port)], folder.path);
    expect(second.code).toBe(1);
    expect(second.stdout).toContain(
      `127.0.0.1:${first.port} is already in use, perhaps by another gateway; stop that, or choose another port with --port`,
    );
    expect(`${second.stdout}${second.stderr}`).not.toContain('    at ');
  });

  it('with 1 when a required plugin does not start, and says why', async () => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin(
      'needed',
      `return { start() { throw new Error('no such adapter'); }, stop() {} };`,
    );
    const file = await folder.write('pulsegate.yml', {
      http: { port: 0 },
      plugins: { needed: { from, required: true } },
    });
    const { code, stdout } = await pulsegate(['start', '--config', file], folder.path);
    expect(code).toBe(1);
    expect(stdout).toContain('needed is required and did not start: no such adapter');
  });

  it('with 1 when a required plugin fails later, after every device has stopped', async () => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin(
      'needed',
      `process.on('SIGUSR2', () => context.fail(new Error('the adapter is gone'))); return { start() {}, stop() {} };`,
    );
    await endsInOrder(folder, { needed: { from, required: true } }, 'SIGUSR2', 1);
  });

  it.each([
    ['an error nobody caught', `throw new Error('boom');`],
    ['a rejection nobody caught', `void Promise.reject(new Error('boom'));`],
  ])('with 70 after %s in a plugin, after every device has stopped', async (_what, statement) => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin(
      'careless',
      `process.on('SIGUSR2', () => { ${statement} }); return { start() {}, stop() {} };`,
    );
    const running = await endsInOrder(folder, { careless: { from } }, 'SIGUSR2', 70);
    expect(running.lines.some(({ level, msg }) => level === 60 && msg.includes('please report it'))).toBe(true);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('with 0 on %s, and says so', async (signal) => {
    await using folder = await TestFolder.create();
    const running = await endsInOrder(folder, {}, signal, 0);
    expect(running.lines.map(({ msg }) => msg)).toContain(`stopping: ${signal}`);
    expect(running.lines.at(-1)?.msg).toBe('stopped; every device was told to');
  });

  it('with 0 on a signal that comes while it is still starting', async () => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin('slow', `return { start: () => new Promise(() => {}), stop() {} };`);
    const file = await folder.write('pulsegate.yml', { ...simulated, http: { port: 0 }, plugins: { slow: { from } } });
    await using running = GatewayProcess.spawn(['--config', file], folder.path);
    await running.line((msg) => msg.startsWith('connected: '));
    running.signal('SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null });
  });

  it('waits for hardware that is slow to take its stop, up to safety.stopTimeout', async () => {
    await using folder = await TestFolder.create();
    await endsInOrder(folder, {}, 'SIGTERM', 0, { latency: 300 });
  });

  it('with 130 at once on a second signal, however slow the hardware', async () => {
    await using folder = await TestFolder.create();
    const recording = new PacketRecording(folder.path);
    await using running = await GatewayProcess.start(folder, {
      safety: { stopTimeout: 10_000 },
      plugins: { 'hardware-simulated': { enabled: false }, ...(await recording.install({ latency: 2900 })) },
    });
    const client = await WireClient.connect(running.url);
    await client.output(0, 0, VIBRATE);
    running.signal('SIGINT');
    await running.line((msg) => msg === 'stopping: SIGINT');
    const asked = performance.now();
    running.signal('SIGINT');
    expect(await running.exited).toEqual({ code: 130, signal: null });
    expect(performance.now() - asked).toBeLessThan(1500);
  });
});

describe('pulsegate start goes on', () => {
  it.each(['json', 'pretty'])('when whoever reads its log (%s) goes away, and still ends in order', async (format) => {
    await using folder = await TestFolder.create();
    const recording = new PacketRecording(folder.path);
    const port = await freePort();
    const file = await folder.write('pulsegate.yml', {
      http: { port },
      log: { format },
      plugins: { 'hardware-simulated': { enabled: false }, ...(await recording.install()) },
    });
    await using running = GatewayProcess.spawn(['--config', file], folder.path);
    await expect
      .poll(() => [...running.otherOutput, ...running.lines.map(({ msg }) => msg)].join('\n'), { timeout: PATIENCE_MS })
      .toContain(' is ready');
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    const client = await WireClient.connect(`ws://127.0.0.1:${port}`);
    client.raw('this is worth a line in the log');
    await client.output(0, 0, VIBRATE);
    running.signal('SIGTERM');
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect(await running.exited).toEqual({ code: 0, signal: null });
    await hasStopped(recording);
  });

  it('when whoever reads its log takes no more of it, and still ends in order', async () => {
    await using folder = await TestFolder.create();
    const recording = new PacketRecording(folder.path);
    await using running = await GatewayProcess.start(folder, {
      log: { level: 'debug' },
      plugins: { 'hardware-simulated': { enabled: false }, ...(await recording.install()) },
    });
    running.child.stdout?.pause();
    const client = await WireClient.connect(running.url);
    await client.output(0, 0, VIBRATE);
    // Each of these is a line in the log: more than any pipe holds.
    for (let count = 0; count < 9000; count += 1) client.raw('no message at all');
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
    const ended = new Promise<Exit>((resolve) => {
      running.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    running.signal('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    running.child.stdout?.resume();
    await hasStopped(recording);
  });
});

/** A gateway with a device that runs is struck by the signal; the device stops, is let go of, and the process ends with this code. */
async function endsInOrder(
  folder: TestFolder,
  plugins: Readonly<Record<string, object>>,
  signal: NodeJS.Signals,
  code: number,
  recorder: object = {},
): Promise<GatewayProcess> {
  const recording = new PacketRecording(folder.path);
  await using running = await GatewayProcess.start(folder, {
    plugins: { 'hardware-simulated': { enabled: false }, ...(await recording.install(recorder)), ...plugins },
  });
  const client = await WireClient.connect(running.url);
  await client.output(0, 0, VIBRATE);
  await expect
    .poll(async () => (await recording.events()).at(-1), { interval: 5, timeout: PATIENCE_MS })
    .toMatchObject({ what: 'write', hex: '0100000d' });
  running.signal(signal);
  expect(await running.exited).toEqual({ code, signal: null });
  expect(await client.closed).toMatchObject({ code: 1001 });
  await hasStopped(recording);
  return running;
}

/** The vibrator was told to stop, and only then was the device let go of. */
async function hasStopped(recording: PacketRecording): Promise<void> {
  const events = await recording.events();
  const orders = events.flatMap((event) => (event.what === 'write' && event.hex.startsWith('0100') ? [event.hex] : []));
  expect(orders.at(-1)).toBe('01000000');
  expect(events.at(-1)).toMatchObject({ what: 'disconnected' });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}
