import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { hostArguments, hostEnvironment } from '../../../core/scripting/supervisor/host-process.js';
import type { ToHost } from '../../../core/scripting/wire.js';
import { PATIENCE_MS } from '../../support/timing.js';

const HOST = fileURLToPath(new URL('../../../dist/core/scripting/host/main.js', import.meta.url));
/** The engine does not look up from it until it is done: its thread does not come back. */
const LOST = 'Array.prototype.shift.call({ length: 2 ** 53 - 1 });';

const START: ToHost = {
  op: 'start',
  id: 'run',
  name: 'lost',
  clientName: 'lost',
  entry: { path: 'lost.js', text: LOST },
  limits: { memoryMb: 64, cpuMs: 50, wallMs: 200, messagesPerSecond: 100, logLinesPerSecond: 100 },
};

/** As much of a gateway as a script needs to begin. */
function answerTo(frame: unknown): string {
  const asked: readonly Readonly<Record<string, { readonly Id: number }>>[] = JSON.parse(String(frame));
  const answers = asked.flatMap(Object.entries).map(([name, { Id }]) => {
    if (name === 'RequestServerInfo') {
      const version = { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 };
      return { ServerInfo: { Id, ServerName: 'test', MaxPingTime: 0, ...version } };
    }
    return name === 'RequestDeviceList' ? { DeviceList: { Id, Devices: {} } } : { Ok: { Id } };
  });
  return JSON.stringify(answers);
}

it.each([
  ['breaks in a way that nobody has thought of', (host: ReturnType<typeof fork>) => host.send([null])],
  ['loses its gateway', (host: ReturnType<typeof fork>) => host.disconnect()],
])('a script host that %s is gone, whatever its scripts do', async (_what, strike) => {
  const host = fork(HOST, {
    execArgv: hostArguments(),
    env: hostEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    const said: string[] = [];
    host.on('message', (batch: readonly object[]) => {
      said.push(JSON.stringify(batch));
      for (const message of batch) if ('frame' in message) host.send([{ ...message, frame: answerTo(message.frame) }]);
    });
    let lastWords = '';
    host.stderr?.on('data', (chunk) => {
      lastWords += chunk;
    });
    await expect.poll(() => said.join(), { timeout: PATIENCE_MS }).toContain('"ready"');
    host.send([START]);
    await expect.poll(() => said.join(), { timeout: PATIENCE_MS }).toContain('"limit"');
    const ended = once(host, 'exit');
    strike(host);
    expect(await ended).toEqual([null, 'SIGKILL']);
    if (lastWords !== '') expect(lastWords.trim().split('\n').at(-1)).toMatch(/^TypeError: /);
  } finally {
    host.kill('SIGKILL');
  }
});
