import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { GatewayProcess, type LogLine, TestFolder } from '../gateway-process.js';
import { PATIENCE_MS } from '../timing.js';
import type { Attempt } from './escape-attempt.js';
import { type PingReport, Pings } from './escape-pings.js';
import { ScriptsApi, type ShownScript } from './scripts-api.js';
import { writeScript } from './write-script.js';

/** The device of the scripts that try something; the well-behaved one has another. */
const STEADY_TESTBED = 'pulsegate-testbed-2';
const DEVICES = { 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }, { model: 'Pulsegate Testbed' }] } };
const STOP = '01000000';
const INFO = 30;
const ERROR = 50;
/** Longest that an app may wait for the reply to a ping, whatever scripts do, ms. */
export const PING_PROMISE_MS = 50;

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
}

/**
 * A gateway with secrets, an app on the network, a script that behaves, and many that do not. The latter run one after the other when
 * told to; each time the arena sees to it that nobody else noticed.
 */
export class Arena implements AsyncDisposable {
  readonly results: Result[] = [];

  private constructor(
    readonly gateway: GatewayProcess,
    readonly scripts: ScriptsApi,
    private readonly folder: string,
    private readonly pings: Pings,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async open({ attempts, section = {} }: ArenaOptions): Promise<Arena> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TestFolder.create());
    await furnish(folder.path, attempts);
    const each = attempts.map(({ name, each }) => [name, { enabled: false, devices: [{ index: 0 }], ...each }]);
    const token = `${PLANTED}-in-the-configuration`;
    const config = {
      log: { level: 'debug' },
      plugins: DEVICES,
      // By default everything stops when anybody misses a ping, and a script that breaks its own runtime does.
      safety: { onPingTimeout: 'driven' },
      scripts: { examples: false, token, each: Object.fromEntries(each), ...section },
    };
    const environment = { ESCAPE_SECRET: `${PLANTED}-in-the-environment` };
    const gateway = stack.use(await GatewayProcess.start(folder, config, environment));
    await gateway.simulated.connected(2);
    const scripts = new ScriptsApi(gateway.origin, token);
    await scripts.reaches('steady', 'running');
    await scripts.reaches('keeper', 'running');
    const pings = stack.use(await Pings.start(gateway.url));
    return new Arena(gateway, scripts, folder.path, pings, stack.move());
  }

  /** Makes the attempts, all at once, and expects that they found and did what they should, and that nobody noticed. */
  async survives(...attempts: readonly Attempt[]): Promise<void> {
    const { session } = await this.scripts.get('steady');
    await this.pings.take();
    const logged = this.gateway.lines.length;
    const startedAt = new Date().toISOString();
    const lookEveryMs = 10 * attempts.length;
    await Promise.all(attempts.map((attempt) => this.#make(attempt, logged, lookEveryMs)));
    const report = await this.pings.take();
    this.results.push({ ...report, names: attempts.map(({ name }) => name) });
    this.#wasNoSurprise(logged);
    expect(await this.scripts.get('steady')).toMatchObject({ state: 'running', session });
    await this.steadyGoesOn();
    const { packets } = await this.gateway.simulated.state(STEADY_TESTBED);
    expect(packets.filter(({ time, hex }) => time > startedAt && hex === STOP)).toEqual([]);
    await this.#keepsSecrets(logged);
  }

  /** The device of the well-behaved script gets new levels. */
  async steadyGoesOn(): Promise<void> {
    const last = async () => (await this.gateway.simulated.state(STEADY_TESTBED)).packets.at(-1)?.time;
    const before = await last();
    await expect.poll(last, { interval: 20, timeout: PATIENCE_MS }).not.toBe(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }

  /** Runs the script, and sees what comes of it. */
  async #make({ name, says, ends }: Attempt, logged: number, lookEveryMs: number): Promise<void> {
    const { scripts } = this;
    await scripts.act(name, 'start');
    const isSettled = ({ state }: ShownScript) => ['finished', 'invalid', 'waiting', 'failed'].includes(state);
    const hasSaid = () => says !== undefined && this.#console(name, logged).length >= says.length;
    const isDone = async () => {
      const script = await scripts.get(name);
      return isSettled(script) || (ends === 'not' && script.state === 'running' && hasSaid());
    };
    await expect
      .poll(isDone, { interval: lookEveryMs, timeout: PATIENCE_MS, message: `${name} comes to an end` })
      .toBe(true);
    const { state, lastError } = await scripts.get(name);
    const { message = '', stack = [] } = lastError ?? {};
    // All that was said, also while it was about to end.
    if (says) await expect.poll(() => this.#console(name, logged), { timeout: PATIENCE_MS }).toEqual(says);
    if (ends instanceof RegExp) expect(message).toMatch(ends);
    else if (ends !== 'anyhow') expect([name, state]).toEqual([name, ends === 'not' ? 'running' : ends]);
    expect(message.length).toBeLessThanOrEqual(2000);
    for (const place of stack) expect(place.length).toBeLessThanOrEqual(600);
    await scripts.act(name, 'stop');
    await scripts.reaches(name, 'off');
  }

  /** What the script has said since, with `console.log`. */
  #console(name: string, since: number): readonly string[] {
    const own = this.gateway.lines
      .slice(since)
      .filter(({ level, script, msg }) => level === INFO && script === name && msg !== '');
    return own.map(({ msg }) => msg).filter((msg) => msg !== `${name} has finished`);
  }

  async #keepsSecrets(since: number): Promise<void> {
    const { lines, otherOutput } = this.gateway;
    const log = [...lines.slice(since), ...otherOutput].map((line) => JSON.stringify(line));
    const seen = [...log, JSON.stringify(await this.scripts.all())];
    expect(seen.filter((text) => text.includes(PLANTED))).toEqual([]);
    const storage = join(this.folder, 'data/scripts');
    for (const file of await readdir(storage)) {
      const text = await readFile(join(storage, file), 'utf8');
      expect([file, text.includes(PLANTED)]).toEqual([file, file === 'script-keeper.json']);
    }
  }

  /** The gateway tells its own failures as errors, and a script host that is gone is one of them. */
  #wasNoSurprise(since: number): void {
    const isOwnFailure = ({ level, script }: LogLine) => level >= ERROR && script === undefined;
    expect(this.gateway.lines.slice(since).filter(isOwnFailure)).toEqual([]);
    expect(this.gateway.otherOutput).toEqual([]);
  }
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
