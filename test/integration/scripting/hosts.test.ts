import { describe, expect, it } from 'vitest';
import type { HostListener, HostProcess } from '../../../core/scripting/supervisor/host-process.js';
import type { ToHost } from '../../../core/scripting/wire.js';
import { type Booted, boot } from '../../support/boot.js';
import { writeScript } from '../../support/scripting/write-script.js';

/** A host process as the gateway sees it: what it is told, and what it says, down to nonsense. */
class ScriptedHost implements HostProcess {
  readonly pid = 1;
  readonly unreadBytes = 0;
  readonly told: ToHost[] = [];
  isKilled = false;

  constructor(readonly listener: HostListener) {}

  post(batch: Parameters<HostProcess['post']>[0]): void {
    for (const message of batch) if ('op' in message) this.told.push(message);
  }

  kill(): void {
    this.isKilled = true;
    this.listener.ended('killed');
  }

  say(...messages: readonly unknown[]): void {
    this.listener.said(messages);
  }

  /** The id of the run it was given. */
  get run(): string {
    const start = this.told.find((message) => message.op === 'start');
    if (start?.op !== 'start') throw new Error('nothing was started');
    return start.id;
  }
}

async function withHost(
  onLaunch: (host: ScriptedHost) => void = (host) => host.say({ op: 'ready', isolatedVm: '7.0.1' }),
): Promise<{ booted: Booted; hosts: ScriptedHost[] }> {
  const hosts: ScriptedHost[] = [];
  const booted = await boot({
    config: { scripts: { examples: false } },
    prepare: (folder) => writeScript(folder, 'one.js', 'every(1000, () => {});'),
    launchScriptHost: () => ({
      launch: (listener) => {
        const host = new ScriptedHost(listener);
        hosts.push(host);
        queueMicrotask(() => onLaunch(host));
        return host;
      },
      quiet: async () => {},
    }),
  });
  const deadline = performance.now() + 5000;
  while (!hosts.some(({ told }) => told.length > 0) && performance.now() < deadline) await booted.clock.advance(10);
  return { booted, hosts };
}

/** Files are read meanwhile, which takes real time. */
const launched = (booted: Booted, hosts: readonly ScriptedHost[], count: number) =>
  expect
    .poll(async () => {
      await booted.clock.advance(10);
      return hosts.length;
    })
    .toBe(count);

const one = ({ gateway }: Booted) => gateway.scripts.get('one').status;

describe('a script host', () => {
  it.each([
    ['no list', 'hello'],
    ['an unknown message', [{ op: 'open-sesame' }]],
    ['a message with more in it', [{ op: 'tainted', reason: 'x', and: 'more' }]],
    ['a message with the wrong types', [{ op: 'log', id: 5, level: 'info', text: 'x' }]],
    ['nothing', [null]],
  ])('that says %s is not listened to any more', async (_what, batch) => {
    const { booted, hosts } = await withHost();
    await using _ = booted;
    hosts[0]?.listener.said(batch);
    expect(hosts[0]?.isKilled).toBe(true);
    await launched(booted, hosts, 2);
    expect(booted.log.join('')).toContain('said something that nobody understands');
  });

  it('speaks for its own runs and for nobody else', async () => {
    const { booted, hosts } = await withHost();
    await using _ = booted;
    const client = await booted.connect();
    const [host] = hosts;
    host?.say(
      { line: client.id, frame: '[{"StopCmd":{"Id":1}}]' },
      { op: 'ended', id: client.id, how: 'finished' },
      { op: 'log', id: 'somebody', level: 'error', text: 'forged' },
      { op: 'call', id: 'somebody', text: '{}' },
    );
    await booted.clock.advance(100);
    expect(client.closeReason).toBeUndefined();
    expect(client.take().filter((message) => 'Ok' in message)).toEqual([]);
    expect(booted.log.join('')).not.toContain('forged');
    expect(host?.isKilled).toBe(false);
  });

  it('that falls silent is replaced', async () => {
    const { booted, hosts } = await withHost();
    await using _ = booted;
    await booted.clock.advance(6000);
    expect(hosts[0]?.isKilled).toBe(true);
    expect(booted.log.join('')).toContain('has said nothing for 4000 ms');
  });

  it('that does not say that a script has ended is not waited for', async () => {
    const { booted, hosts } = await withHost();
    await using _ = booted;
    const [host] = hosts;
    host?.say({ op: 'running', id: host.run });
    booted.gateway.scripts.act('one', 'stop');
    await booted.clock.advance(400);
    expect(one(booted).state).toBe('stopping');
    host?.say({ op: 'beat', residentMb: 10, runs: 1, ended: 0 });
    await booted.clock.advance(200);
    expect(one(booted).state).toBe('off');
  });

  it('that never starts is given up, with one sentence', async () => {
    const { booted, hosts } = await withHost((host) => host.listener.ended('ended by SIGSEGV'));
    await using _ = booted;
    await booted.clock.advance(60_000);
    expect(hosts).toHaveLength(3);
    expect(booted.gateway.scripts.host).toEqual({
      state: 'unavailable',
      reason: 'Scripts are off: their host does not start here (ended by SIGSEGV); "npm rebuild isolated-vm" may help',
      retired: 0,
    });
    expect(one(booted).state).toBe('failed');
  });

  it('that has lost a thread takes no more runs, and goes when its last one has ended', async () => {
    const { booted, hosts } = await withHost();
    await using _ = booted;
    const [first] = hosts;
    first?.say({ op: 'running', id: first.run });
    first?.say({ op: 'tainted', reason: 'bomb could not be ended' });
    expect(first?.isKilled).toBe(false);
    booted.gateway.scripts.act('one', 'restart');
    first?.say({ op: 'ended', id: first.run, how: 'stopped' });
    await launched(booted, hosts, 2);
    expect(first?.isKilled).toBe(true);
    expect(one(booted).starts).toBe(2);
  });
});
