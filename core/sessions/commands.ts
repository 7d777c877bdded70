import type { DeviceManager } from '../devices/manager.js';
import { HandshakeError } from '../errors.js';
import type { LogFeed } from '../logging/log-feed.js';
import type { SpecCodec } from '../protocol/codec.js';
import { CLIENT_LOG_LEVELS, type ClientLogLevel, type ClientMessage, frame, okFrame } from '../protocol/messages.js';
import type { OutputCommand, StopScope } from '../protocol/model.js';
import type { DeviceAccess } from './device-access.js';

/** A reply that something has to follow: an event that must not overtake it, the end of the session. */
interface ReplyFirst {
  readonly text: string;
  readonly after: () => void;
}
export type Reply = string | ReplyFirst | Promise<string>;

export interface CommandEnvironment {
  /** What this client may reach. */
  readonly devices: DeviceAccess;
  /** Scans, and where to look for what the client holds. */
  readonly manager: Pick<DeviceManager, 'assertOpen' | 'startScanning' | 'stopScanning' | 'forgetScan' | 'connected'>;
  readonly logFeed: LogFeed;
  /** The client is another gateway: it is shown, and scans for, this gateway's own devices only. */
  readonly ownOnly: boolean;
  /** Sends an event to this client. */
  readonly push: (text: string) => void;
  /** The client wants to leave. */
  readonly leave: () => void;
}

/** Carries out the messages of one client that has done its handshake, and knows what the client holds by them. */
export class Commands {
  #logSubscription: Disposable | undefined;

  constructor(
    /** The session's id: what drives outputs, listens to inputs and owns scans. */
    private readonly client: string,
    private readonly codec: SpecCodec,
    private readonly env: CommandEnvironment,
  ) {}

  /** The reply to one message. Throws, or rejects with, a GatewayError that says why not. */
  run(id: number, message: ClientMessage): Reply {
    const { devices, manager } = this.env;
    switch (message.kind) {
      case 'outputs':
        this.#drive(message.commands);
        return okFrame(id);
      case 'ping':
        return okFrame(id);
      case 'stop':
        return this.#stop(id, message.scope);
      case 'start-scanning':
        manager.assertOpen();
        return { text: okFrame(id), after: () => manager.startScanning(this.client, this.env.ownOnly) };
      case 'stop-scanning':
        return { text: okFrame(id), after: () => manager.stopScanning(this.client) };
      case 'request-device-list':
        return this.codec.deviceList(id, devices.announced);
      case 'read':
        return this.#read(id, message);
      case 'subscribe':
      case 'unsubscribe':
        return this.#subscribe(id, message);
      case 'raw':
        return this.#raw(id, message);
      case 'test':
        return frame('Test', { Id: id, TestString: message.text });
      case 'request-log':
        this.#followLog(message.level);
        return okFrame(id);
      case 'handshake':
        throw new HandshakeError('This session has already done its handshake');
      case 'disconnect':
        this.release();
        return { text: okFrame(id), after: this.env.leave };
    }
  }

  /** Lets go of everything the client holds: what it drives stops, what it listens to and scans for ends. */
  release(): void {
    this.#logSubscription?.[Symbol.dispose]();
    const { manager } = this.env;
    for (const device of manager.connected) {
      device.stopDrivenBy(this.client);
      // The hardware may not answer any more; the client's part in it ends all the same.
      device.dropSubscriber(this.client).catch(() => {});
    }
    manager.forgetScan(this.client);
  }

  /** All or nothing: a bad part refuses the whole message before anything is sent (facts: messages, §6). */
  #drive(commands: readonly OutputCommand[]): void {
    const { devices } = this.env;
    if (commands.length > 1) for (const command of commands) devices.require(command.deviceIndex).check(command);
    for (const command of commands) devices.require(command.deviceIndex).output(command, this.client);
  }

  #stop(id: number, { deviceIndex, featureIndex: feature, inputs, outputs }: StopScope): Reply {
    const { devices } = this.env;
    const featureIndex = deviceIndex === undefined ? undefined : feature;
    const affected = deviceIndex === undefined ? devices.all : [devices.require(deviceIndex)];
    for (const device of affected) {
      if (featureIndex !== undefined) device.requireFeature(featureIndex);
      if (outputs) device.stop(featureIndex);
    }
    if (!inputs) return okFrame(id);
    return Promise.all(affected.map((device) => device.dropSubscriber(this.client, featureIndex))).then(() =>
      okFrame(id),
    );
  }

  async #read(id: number, { input, reply }: Extract<ClientMessage, { kind: 'read' }>): Promise<string> {
    const device = this.env.devices.require(input.deviceIndex);
    return reply(id, await device.inputs.read(input.featureIndex, input.type));
  }

  async #subscribe(
    id: number,
    { kind, input }: Extract<ClientMessage, { kind: 'subscribe' | 'unsubscribe' }>,
  ): Promise<string> {
    await this.env.devices.require(input.deviceIndex).inputs[kind](input.featureIndex, input.type, this.client);
    return okFrame(id);
  }

  async #raw(id: number, message: Extract<ClientMessage, { kind: 'raw' }>): Promise<string> {
    const { deviceIndex, endpoint, action } = message;
    const { devices, push } = this.env;
    const onData = (bytes: Uint8Array) => push(this.codec.rawReading(0, deviceIndex, endpoint, bytes));
    const data = await devices.require(deviceIndex).raw(endpoint, action, this.client, onData);
    return data ? this.codec.rawReading(id, deviceIndex, endpoint, data) : okFrame(id);
  }

  #followLog(level: ClientLogLevel): void {
    this.#logSubscription?.[Symbol.dispose]();
    const wanted = CLIENT_LOG_LEVELS.indexOf(level);
    this.#logSubscription = this.env.logFeed.subscribe((line) => {
      if (CLIENT_LOG_LEVELS.indexOf(line.level) <= wanted) this.env.push(this.codec.log(line.level, line.text));
    });
  }
}
