import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { createGateway, type Gateway } from '../../core/gateway.js';
import type { ScriptStatus } from '../../core/scripting/script.js';
import { NO_RADIO } from './no-radio.js';
import { writeScript } from './scripting/write-script.js';
import { SimulatedApi } from './simulated-api.js';
import { PATIENCE_MS } from './timing.js';

export const TESTBED = 'pulsegate-testbed-1';

export interface LiveOptions {
  /** Configuration in the form of the file; a free port and one Pulsegate Testbed where it says nothing else. */
  readonly config?: Readonly<Record<string, object>>;
  readonly plugins?: readonly Plugin[];
  /** How many devices to wait for; default 1, the testbed. */
  readonly devices?: number;
  /** The folder of the scripts: text by path. They run in a host process of their own, as everywhere. */
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A gateway in this process on real time and real sockets. */
export class LiveGateway implements AsyncDisposable {
  readonly simulated: SimulatedApi;

  constructor(
    readonly gateway: Gateway,
    /** Log lines, as JSON text. */
    readonly log: readonly string[],
    readonly folder: string,
  ) {
    this.simulated = new SimulatedApi(this.origin);
  }

  /** Where its HTTP pages are. */
  get origin(): string {
    return `http://${this.gateway.addresses[0]?.replace('0.0.0.0', '127.0.0.1')}`;
  }

  get port(): number {
    const { port } = this.gateway;
    if (port === undefined) throw new Error('The gateway does not listen');
    return port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** A number of the gateway's own, as Prometheus would read it. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.origin}/metrics`)).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`There is no metric ${name}`);
    return Number(value);
  }

  script(name: string): ScriptStatus {
    return this.gateway.scripts.get(name).status;
  }

  async scriptReaches(name: string, state: ScriptStatus['state']): Promise<void> {
    await expect.poll(() => this.script(name).state, { interval: 5, timeout: PATIENCE_MS }).toBe(state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function startLive({
  config = {},
  plugins = [],
  devices = 1,
  scripts = {},
}: LiveOptions = {}): Promise<LiveGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-live-'));
  for (const [path, text] of Object.entries(scripts)) await writeScript(folder, path, text);
  const log: string[] = [];
  const { http = {}, plugins: sections = {}, ...rest } = config;
  const gateway = await createGateway({
    cwd: folder,
    config: {
      log: { level: 'debug', format: 'json' },
      ...rest,
      scripts: { examples: false, ...rest.scripts },
      http: { port: 0, ...http },
      plugins: {
        ...NO_RADIO,
        'mqtt-broker': { port: 0 },
        'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }] },
        ...sections,
      },
    },
    plugins,
    logOutput: { write: (line) => log.push(line) },
  });
  await gateway.start();
  const live = new LiveGateway(gateway, log, folder);
  await live.simulated.connected(devices);
  return live;
}
