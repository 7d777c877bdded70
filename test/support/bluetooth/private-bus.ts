import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Message, sessionBus } from 'dbus-next';
import { describe, expect, it } from 'vitest';

const hasDaemon = spawnSync('dbus-daemon', ['--version'], { stdio: 'ignore' }).error === undefined;

/** Tests that need dbus-daemon (Debian: `apt install dbus`). Without it they are skipped and say so; in CI they fail. */
export function describeDbus(name: string, tests: () => void): void {
  if (hasDaemon) describe(name, tests);
  else if (process.env.CI) {
    describe(name, () => {
      it('needs dbus-daemon, which is not installed', () => expect(hasDaemon).toBe(true));
    });
  } else describe.skip(`${name} (skipped: dbus-daemon is not installed)`, tests);
}

/** Everybody may do everything, but for speaking to this name. Limits are the ones that a system bus has. */
const configuration = (
  socket: string,
  forbidden?: string,
) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    ${forbidden === undefined ? '' : `<deny send_destination="${forbidden}"/>`}
  </policy>
</busconfig>
`;

/** A D-Bus of its own, in a folder of its own. It keeps its address, also when it has ended in between. */
export class PrivateBus implements AsyncDisposable {
  #daemon: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly forbidden: string | undefined,
  ) {}

  /** @param forbidden nobody may speak to who has this name */
  static async start(forbidden?: string): Promise<PrivateBus> {
    const bus = new PrivateBus(await mkdtemp(join(tmpdir(), 'pulsegate-dbus-')), forbidden);
    await bus.restart();
    return bus;
  }

  get #socket(): string {
    return join(this.folder, 'bus');
  }

  get address(): string {
    return `unix:path=${this.#socket}`;
  }

  /** After it was killed. */
  async restart(): Promise<void> {
    const file = join(this.folder, 'bus.conf');
    await writeFile(file, configuration(this.#socket, this.forbidden));
    await rm(this.#socket, { force: true });
    const daemon = spawn('dbus-daemon', [`--config-file=${file}`, '--nofork', '--nopidfile', '--print-address'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#daemon = daemon;
    const ended = once(daemon, 'exit').then(() => Promise.reject(new Error('dbus-daemon ended')));
    // It tells its address as soon as it listens.
    await Promise.race([once(daemon.stdout, 'data'), ended]);
    ended.catch(() => {});
  }

  /** All connections break; the socket stays behind, with nobody listening. */
  async kill(): Promise<void> {
    const daemon = this.#daemon;
    if (!daemon) return;
    this.#daemon = undefined;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Signals that all programs on a bus have asked for. */
export async function countMatchRules(address: string): Promise<number> {
  const bus = sessionBus({ busAddress: address });
  try {
    const to = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };
    const asked = new Message({ ...to, interface: 'org.freedesktop.DBus.Debug.Stats', member: 'GetAllMatchRules' });
    const reply = await bus.call(asked);
    const rules: readonly unknown[] = Object.values(Object(reply?.body[0]));
    return rules.reduce<number>((sum, ofOne) => sum + (Array.isArray(ofOne) ? ofOne.length : 0), 0);
  } finally {
    bus.disconnect();
  }
}
