import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CloseReason,
  type Connection,
  type DeviceGrant,
  definePlugin,
  PLUGIN_API,
  type Plugin,
  SESSIONS,
  type SessionHost,
  type SessionPort,
  Type,
} from 'pulsegate/plugin';
import { createGateway, type Gateway } from '../../core/gateway.js';
import type { LaunchHost } from '../../core/scripting/supervisor/host-process.js';
import { FakeClock } from './fake-clock.js';
import { NO_RADIO } from './no-radio.js';

/** A device in `plugins.hardware-simulated.devices`. */
interface SimulatedDevice {
  readonly model: string;
  readonly address?: string;
  readonly messageGap?: number;
  readonly latency?: number;
  readonly [key: string]: unknown;
}

export interface BootOptions {
  readonly devices?: readonly SimulatedDevice[];
  /** Further configuration, in the form of the file. */
  readonly config?: Readonly<Record<string, object>>;
  readonly plugins?: readonly Plugin[];
  /** Ping time of the test's own clients, ms; default 0. */
  readonly maxPingTimeMs?: number;
  /** Takes the log lines; needed only where booting fails. */
  readonly log?: string[];
  /** Puts files into the data folder before the gateway starts. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Where scripts run, if there are any. */
  readonly launchScriptHost?: (clock: FakeClock) => ScriptHosting;
  readonly safeStart?: boolean;
}

interface ScriptHosting {
  readonly launch: LaunchHost;
  /** Resolves when nothing is under way in a script; `isQuiet` tells whether the gateway has started them all. */
  quiet(isQuiet: () => boolean): Promise<void>;
}

export type Message = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const off = { enabled: false };
/** A broker keeps time of its own, which no test can move. */
const NO_MQTT = { 'mqtt-broker': off, 'mqtt-topics': off, 'home-assistant': off, 'transport-mqtt': off };

/** A whole gateway with a clock of its own, simulated devices, a free port and a data folder that goes away with it. */
export class Booted implements AsyncDisposable {
  readonly log: string[];

  constructor(
    readonly gateway: Gateway,
    readonly clock: FakeClock,
    readonly folder: string,
    private readonly sessions: () => SessionHost,
    private readonly maxPingTimeMs: number,
    log: string[],
  ) {
    this.log = log;
  }

  /** A line to the gateway without a handshake; with `devices`, limited to what they grant. */
  open(devices?: readonly DeviceGrant[]): TestLine {
    return new TestLine(this.sessions(), this.clock, this.maxPingTimeMs, devices);
  }

  /** A client of this spec version, after its handshake; what the gateway pushed on connect is still in `events`. */
  async connect(
    version: 0 | 1 | 2 | 3 | 4 = 4,
    name = `client of version ${version}`,
    devices?: readonly DeviceGrant[],
  ): Promise<TestLine> {
    const line = this.open(devices);
    const request = {
      0: { Id: 1, ClientName: name },
      1: { Id: 1, ClientName: name, MessageVersion: 1 },
      2: { Id: 1, ClientName: name, MessageVersion: 2 },
      3: { Id: 1, ClientName: name, MessageVersion: 3 },
      4: { Id: 1, ClientName: name, ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 },
    }[version];
    const reply = await line.ask({ RequestServerInfo: request });
    if (!reply.ServerInfo) throw new Error(`No handshake: ${JSON.stringify(reply)}`);
    return line;
  }

  /** The simulated device, as its HTTP page shows it. */
  async toy(id: string): Promise<ToyState> {
    await this.clock.advance(0);
    const answer = await fetch(`http://127.0.0.1:${this.gateway.port}/api/simulated/${id}`);
    return (await answer.json()) as ToyState;
  }

  /** All simulated devices. */
  async toys(): Promise<readonly ToyState[]> {
    const answer = await fetch(`http://127.0.0.1:${this.gateway.port}/api/simulated`);
    const list = (await answer.json()) as readonly { readonly id: string }[];
    return Promise.all(list.map(({ id }) => this.toy(id)));
  }

  async post(path: string, body: object): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.gateway.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await passTimeUntil(this.clock, this.gateway.stop());
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface ToyState {
  readonly name: string;
  readonly decoded: boolean;
  readonly connected: boolean;
  readonly battery: number;
  readonly outputs: readonly { readonly feature: number; readonly type: string; readonly level: number }[];
  readonly packets: readonly {
    readonly time: number;
    readonly endpoint: string;
    readonly hex: string;
    readonly text?: string;
  }[];
}

let lines = 0;
const nextLine = () => {
  lines += 1;
  return lines;
};

/** A client's end of a connection, with no wire in between: what it sends is received before `send` returns. */
export class TestLine implements Connection {
  readonly id = `test-${nextLine()}`;
  readonly remote = 'a test';
  bufferedBytes = 0;
  /** Everything received that was not the answer to `ask`, oldest first. */
  readonly events: Message[] = [];
  readonly frames: string[] = [];
  closeReason: CloseReason | undefined;
  readonly #session: SessionPort;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #nextId = 100;

  constructor(
    sessions: SessionHost,
    private readonly clock: FakeClock,
    maxPingTimeMs: number,
    devices?: readonly DeviceGrant[],
  ) {
    this.#session = sessions.open(this, { maxPingTimeMs, devices });
  }

  /** Called by the gateway. */
  send(text: string): void {
    this.frames.push(text);
    for (const message of JSON.parse(text) as Message[]) {
      const id = Object.values(message)[0]?.Id;
      const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
      if (waiting && typeof id === 'number') {
        this.#waiting.delete(id);
        waiting(message);
      } else this.events.push(message);
    }
  }

  close(reason: CloseReason): void {
    this.closeReason = reason;
    this.#session.closed(reason.text);
  }

  /** Sends text as it is. */
  raw(text: string): void {
    this.#session.receive(text);
  }

  /** Sends messages in one frame without waiting. */
  tell(...messages: Message[]): void {
    this.raw(JSON.stringify(messages));
  }

  /** Sends one message, with an Id if it has none, and resolves with the reply; fake time runs as far as it has to. */
  async ask(message: Message): Promise<Message> {
    const [name, body] = Object.entries(message)[0] ?? ['', {}];
    this.#nextId += 1;
    const Id = typeof body.Id === 'number' ? body.Id : this.#nextId;
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(Id, resolve);
    this.tell({ [name]: { ...body, Id } });
    return this.clock.until(promise);
  }

  /** The line breaks without a word. */
  cut(): void {
    this.#session.closed('the line broke');
  }

  /** Takes what has been received so far. */
  take(): Message[] {
    return this.events.splice(0);
  }
}

/** Lets fake time run while real sockets and files take theirs. */
async function passTimeUntil(clock: FakeClock, work: Promise<void>): Promise<void> {
  let done = false;
  const finished = () => {
    done = true;
  };
  work.then(finished, finished);
  while (!done) await clock.advance(10);
  await work;
}

/** Boots a gateway and waits until its simulated devices are connected. */
export async function boot(options: BootOptions = {}): Promise<Booted> {
  const clock = new FakeClock();
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-test-'));
  const log = options.log ?? [];
  let sessions: SessionHost | undefined;
  const transport = definePlugin({
    name: 'transport-test',
    kind: 'transport',
    api: PLUGIN_API,
    description: 'Lines for tests',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        sessions = use(SESSIONS);
      },
      stop() {},
    }),
  });
  const { plugins = {}, ...config } = options.config ?? {};
  await options.prepare?.(folder);
  const hosting = options.launchScriptHost?.(clock);
  const gateway = await createGateway({
    cwd: folder,
    clock,
    safeStart: options.safeStart,
    launchScriptHost: hosting?.launch,
    config: {
      http: { port: 0 },
      log: { level: 'debug', format: 'json' },
      ...config,
      plugins: { ...NO_MQTT, ...NO_RADIO, 'hardware-simulated': { devices: options.devices ?? [] }, ...plugins },
    },
    plugins: [transport, ...(options.plugins ?? [])],
    logOutput: { write: (line) => log.push(line) },
  });
  await gateway.start();
  if (hosting) clock.waitFor(() => hosting.quiet(() => !isStarting(gateway)));
  await clock.advance(0);
  const host = () => {
    if (!sessions) throw new Error('the test transport has not started');
    return sessions;
  };
  return new Booted(gateway, clock, folder, host, options.maxPingTimeMs ?? 0, log);
}

/** A script is being read, or handed to its host. */
function isStarting({ scripts }: Gateway): boolean {
  return scripts.host.state !== 'waiting' && scripts.statuses.some(({ state }) => state === 'starting');
}
