import 'reflect-metadata';
import { readdir } from 'node:fs/promises';
import { type FastifyInstance, fastify } from 'fastify';
import { pino } from 'pino';
import {
  type Discovery,
  HARDWARE,
  type HardwareHost,
  type HardwareLink,
  type HardwareManager,
  HTTP,
  type HttpHost,
  type PluginContext,
  type PluginInstance,
  PROTOCOLS,
  type ProtocolContext,
  type ProtocolDefinition,
  type Token,
} from 'pulsegate/plugin';
import { container } from 'tsyringe';
import Value from 'typebox/value';
import { expect } from 'vitest';
import { Catalogue } from '../../core/catalogue/catalogue.js';
import type { Candidate } from '../../core/catalogue/matching.js';
import { configSchema, type SimulationConfig } from '../../plugins/hardware-simulated/config.js';
import simulated from '../../plugins/hardware-simulated/index.js';
import type { Peripheral } from '../../plugins/hardware-simulated/peripheral.js';
import { furnish } from '../../plugins/hardware-simulated/room.js';
import { FakeClock } from './fake-clock.js';

/** Simulated hardware without a gateway above it. */

const log = pino({ level: 'silent' });

/** What somebody wrote, with the defaults filled in. */
function simulationConfig(written: object = {}): SimulationConfig {
  const config: unknown = Value.Default(configSchema, structuredClone(written));
  Value.Assert(configSchema, config);
  return config;
}

const isDefinition = (value: unknown): value is ProtocolDefinition =>
  typeof value === 'object' && value !== null && 'links' in value && 'models' in value && 'open' in value;

/** Every definition in plugins/protocols. */
export async function builtinCatalogue(): Promise<Catalogue> {
  const folder = new URL('../../plugins/protocols/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  const modules: object[] = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  const definitions = new Set(modules.flatMap((module) => Object.values(module).filter(isDefinition)));
  const catalogue = new Catalogue();
  for (const definition of definitions) catalogue.add(definition);
  return catalogue;
}

/** Builds toys without the plugin around them. */
export function toysOf(catalogue: Catalogue, clock: FakeClock, written: object): Promise<readonly Peripheral[]> {
  const onListenerError = (error: unknown) => {
    throw error;
  };
  const config = simulationConfig(written);
  return furnish({ plugin: 'hardware-simulated', config, definitions: catalogue.definitions, clock, onListenerError });
}

/** The one toy of this model. */
export async function toyOf(
  catalogue: Catalogue,
  clock: FakeClock,
  device: { readonly model: string; readonly [setting: string]: unknown },
): Promise<Peripheral> {
  const [peripheral] = await toysOf(catalogue, clock, { devices: [device] });
  if (!peripheral) throw new Error('There is no toy');
  return peripheral;
}

/** The protocol that the gateway tries first. */
export function bestCandidate(catalogue: Catalogue, discovery: Discovery): Candidate {
  const [best] = catalogue.candidates(discovery.advertisement);
  if (!best) throw new Error(`Nobody claims ${discovery.advertisement.name}`);
  return best;
}

export function connect(catalogue: Catalogue, discovery: Discovery): Promise<HardwareLink> {
  return discovery.connect(bestCandidate(catalogue, discovery).specifier, new AbortController().signal);
}

export function protocolContext(discovery: Discovery, link: HardwareLink, clock: FakeClock): ProtocolContext {
  return { advertisement: discovery.advertisement, link, clock, log, signal: new AbortController().signal };
}

/** Takes managers and writes down what they say. */
class RecordingHost implements HardwareHost {
  manager: HardwareManager | undefined;
  readonly discovered: Discovery[] = [];
  scansFinished = 0;
  isDetached = false;

  attach(manager: HardwareManager): AsyncDisposable {
    this.manager = manager;
    manager.on('discovered', (discovery) => this.discovered.push(discovery));
    manager.on('scanFinished', () => {
      this.scansFinished += 1;
    });
    return {
      [Symbol.asyncDispose]: async () => {
        this.isDetached = true;
      },
    };
  }

  /** Addresses seen since the last call. */
  take(): string[] {
    return this.discovered.splice(0).map(({ advertisement }) => advertisement.address);
  }
}

/** The plugin at work: started, with its routes on an app that is not listening. */
export class RunningPlugin implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly host = new RecordingHost();
  readonly app: FastifyInstance = fastify();
  readonly instance: PluginInstance;

  constructor(
    readonly catalogue: Catalogue,
    written: object = {},
  ) {
    const http: HttpHost = {
      routes: (register) => register(this.app),
      onUpgrade: () => ({ [Symbol.dispose]: () => {} }),
    };
    const services = container.createChildContainer();
    services.register<HardwareHost>(HARDWARE, { useValue: this.host });
    services.register<HttpHost>(HTTP, { useValue: http });
    services.register(PROTOCOLS, { useValue: catalogue });
    const context: PluginContext<SimulationConfig> = {
      name: simulated.name,
      config: simulationConfig(written),
      log,
      clock: this.clock,
      container: services,
      use: <T>(token: Token<T>) => services.resolve<T>(token),
      fail: (error) => {
        throw error;
      },
    };
    this.instance = simulated.create(context);
  }

  get manager(): HardwareManager {
    if (!this.host.manager) throw new Error('The plugin has attached no manager');
    return this.host.manager;
  }

  /** Status and parsed answer. */
  async get(path: string) {
    const response = await this.app.inject({ method: 'GET', url: `/api/simulated${path}` });
    return { status: response.statusCode, body: response.json() };
  }

  async post(path: string, body?: object) {
    const payload = body === undefined ? {} : { payload: body };
    const response = await this.app.inject({ method: 'POST', url: `/api/simulated${path}`, ...payload });
    return { status: response.statusCode, error: response.body === '' ? undefined : response.json().error };
  }

  /** Stops; nothing may be left running. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.instance.stop();
    await this.app.close();
    expect(this.clock.waiting, 'timers left behind').toBe(0);
  }
}

export async function startPlugin(written?: object): Promise<RunningPlugin> {
  const plugin = new RunningPlugin(await builtinCatalogue(), written);
  await plugin.instance.start();
  return plugin;
}
