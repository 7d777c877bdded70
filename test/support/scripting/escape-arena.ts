import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { PATIENCE_MS } from '../timing.js';
import type { Attempt } from './escape-attempt.js';
import { type PingReport, Pings } from './escape-pings.js';
import { writeScript } from './write-script.js';

/** The device of the scripts that try something; the well-behaved one has another. */
const STEADY_TESTBED = 'pulsegate-testbed-2';
const DEVICES = { 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }, { model: 'Pulsegate Testbed' }] } };
const STOP = '01000000';
const INFO = 30;
const ERROR = 50;
/** Longest that an app may wait for the reply to a ping, whatever scripts do, ms. */
export const PING_PROMISE_MS = 50;
/** How often an attempt is made before a slow reply, or a script that was lost, counts: others use this machine too. */
const TIMES = 3;

const STEADY = `
  const device = devices.find(1);
  let step = 0;
  every(50, () => { step += 1; return device.vibrate((step % 20 + 1) / 20); });`;

/** Secrets of the others. Whoever finds one has it in hand with this word in it. */
const PLANTED = 'planted-secret';
const KEEPER = `
  await storage.set('secret', '${PLANTED}-in-storage');
  setInterval(() => {}, 1000);`;

export interface ArenaOptions {
  readonly attempts: readonly Attempt[];
  /** Further keys of the section \`scripts\`. */
  readonly section?: object;
}

/** Attempts that were made together, and the longest wait of the app on the network meanwhile. */
export interface Result extends PingReport {
  readonly names: readonly string[];
  readonly madeTimes: number;
}

/**
 * A gateway with secrets, an app on the network, a script that behaves, and many that do not. The latter run one after the other when
 * told to; each time the arena sees to it that nobody else noticed.
 */
export class Arena implements AsyncDisposable {
  readonly results: Result[] = [];

  private constructor(
    readonly live: LiveGateway,
    private readonly pings: Pings,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async open({ attempts, section = {} }: ArenaOptions): Promise<Arena> {
    await using stack = new AsyncDisposableStack();
    process.env.ESCAPE_SECRET = `${PLANTED}-in-the-environment`;
    stack.defer(() => {
      delete process.env.ESCAPE_SECRET;
    });
    const folder = await mkdtemp(join(tmpdir(), 'pulsegate-escapes-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    await furnish(folder, attempts);
    const each = attempts.map(({ name, each }) => [name, { enabled: false, devices: [{ index: 0 }], ...each }]);
    const live = stack.use(
      await startLive({
        devices: 2,
        config: {
          plugins: DEVICES,
          // By default everything stops when anybody misses a ping, and a script that breaks its own runtime does.
          safety: { onPingTimeout: 'driven' },
          scripts: {
            directory: join(folder, 'scripts'),
            token: `${PLANTED}-in-the-configuration`,
            each: Object.fromEntries(each),
            ...section,
          },
        },
      }),
    );
    const arena = new Arena(live, stack.use(await Pings.start(live.url)), stack.move());
    await live.scriptReaches('steady', 'running');
    await live.scriptReaches('keeper', 'running');
    return arena;
  }

  /** Makes the attempts, all at once, and expects that they found and did what they should, and that nobody noticed. */
  async survives(...attempts: readonly Attempt[]): Promise<void> {
    for (let left = TIMES - 1; ; left -= 1) {
      const session = await this.#steadySession();
      await this.pings.take();
      const logged = this.live.log.length;
      const startedAt = new Date().toISOString();
      await Promise.all(attempts.map((attempt) => this.#make(attempt, logged)));
      const report = await this.pings.take();
      this.#wasNoSurprise(logged);
      const { slowestMs } = report;
      const isNoticed = slowestMs >= PING_PROMISE_MS || this.live.script('steady').session !== session;
      if (isNoticed && left > 0) continue;
      expect(this.live.script('steady')).toMatchObject({ state: 'running', session });
      await this.steadyGoesOn();
      const { packets } = await this.live.simulated.state(STEADY_TESTBED);
      expect(packets.filter(({ time, hex }) => time > startedAt && hex === STOP)).toEqual([]);
      expect(slowestMs, 'the slowest reply to a ping, ms').toBeLessThan(PING_PROMISE_MS);
      await this.#keepsSecrets(logged);
      this.results.push({ ...report, names: attempts.map(({ name }) => name), madeTimes: TIMES - left });
      return;
    }
  }

  /** The device of the well-behaved script gets new levels. */
  async steadyGoesOn(): Promise<void> {
    const last = async () => (await this.live.simulated.state(STEADY_TESTBED)).packets.at(-1)?.time;
    const before = await last();
    await expect.poll(last, { interval: 20, timeout: PATIENCE_MS }).not.toBe(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }

  async #steadySession(): Promise<string | undefined> {
    await this.live.scriptReaches('steady', 'running');
    return this.live.script('steady').session;
  }

  /** Runs the script, and sees what comes of it. */
  async #make({ name, says, ends }: Attempt, logged: number): Promise<void> {
    const { live } = this;
    const { scripts } = live.gateway;
    scripts.act(name, 'start');
    const isSettled = () => ['finished', 'invalid', 'waiting', 'failed'].includes(live.script(name).state);
    const hasSaid = () => says !== undefined && this.#console(name, logged).length >= says.length;
    const isDone = () => isSettled() || (ends === 'not' && live.script(name).state === 'running' && hasSaid());
    await expect.poll(isDone, { interval: 5, timeout: PATIENCE_MS, message: `${name} comes to an end` }).toBe(true);
    const { state, lastError } = live.script(name);
    const { message = '', stack = [] } = lastError ?? {};
    // All that was said, also while it was about to end.
    if (says) expect(this.#console(name, logged)).toEqual(says);
    if (ends instanceof RegExp) expect(message).toMatch(ends);
    else if (ends !== 'anyhow') expect([name, state]).toEqual([name, ends === 'not' ? 'running' : ends]);
    expect(message.length).toBeLessThanOrEqual(2000);
    for (const place of stack) expect(place.length).toBeLessThanOrEqual(600);
    scripts.act(name, 'stop');
    await live.scriptReaches(name, 'off');
  }

  /** What the script has said since, with `console.log`. */
  #console(name: string, since: number): readonly string[] {
    const lines = this.live.log.slice(since).map((line): Line => JSON.parse(line));
    const own = lines.filter(({ level, script, msg }) => level === INFO && script === name && msg !== '');
    return own.map(({ msg }) => msg).filter((msg) => msg !== `${name} has finished`);
  }

  async #keepsSecrets(since: number): Promise<void> {
    const { live } = this;
    const seen = [...live.log.slice(since), JSON.stringify(live.gateway.scripts.statuses)];
    expect(seen.filter((text) => text.includes(PLANTED))).toEqual([]);
    const storage = join(live.folder, 'data/scripts');
    for (const file of await readdir(storage)) {
      const text = await readFile(join(storage, file), 'utf8');
      expect([file, text.includes(PLANTED)]).toEqual([file, file === 'script-keeper.json']);
    }
  }

  /** The gateway tells its own failures as errors, and a script host that is gone is one of them. */
  #wasNoSurprise(since: number): void {
    const lines = this.live.log.slice(since).map((line): Line => JSON.parse(line));
    expect(lines.filter(({ level, script }) => level >= ERROR && script === undefined)).toEqual([]);
  }
}

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly script?: string;
}

/** Writes all scripts, secrets around them, and ways out of the folder of each that has one. */
async function furnish(folder: string, attempts: readonly Attempt[]): Promise<void> {
  await writeFile(join(folder, 'secret.json'), `"${PLANTED}-in-a-file"`);
  await writeScript(folder, 'steady.js', STEADY);
  await writeScript(folder, 'keeper/index.js', KEEPER);
  await writeScript(folder, 'keeper/secret.json', `"${PLANTED}-in-another-folder"`);
  await writeScript(folder, 'keeper/secret.js', `export default '${PLANTED}-in-another-folder';`);
  for (const attempt of attempts) {
    for (const [path, text] of Object.entries(filesOf(attempt))) await writeScript(folder, path, text);
    if (typeof attempt.code !== 'string') await addWaysOut(join(folder, 'scripts', attempt.name));
  }
}

async function addWaysOut(folder: string): Promise<void> {
  await symlink('..', join(folder, 'up'));
  for (const extension of ['js', 'json']) {
    await symlink(`../keeper/secret.${extension}`, join(folder, `out.${extension}`));
    await symlink(`round.${extension}`, join(folder, `round.${extension}`));
    await symlink('/dev/zero', join(folder, `zeros.${extension}`));
    await mkdir(join(folder, `folder.${extension}`));
    execFileSync('mkfifo', [join(folder, `pipe.${extension}`)]);
  }
}

const filesOf = ({ name, code }: Attempt): Readonly<Record<string, string>> =>
  typeof code === 'string'
    ? { [`${name}.js`]: code }
    : Object.fromEntries(Object.entries(code).map(([path, text]) => [`${name}/${path}`, text]));
