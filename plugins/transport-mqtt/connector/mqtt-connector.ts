import type { SequenceClock } from '../sessions/sequence.js';
import { ClientSession } from './client-session.js';
import { MqttConnectorError } from './connector-error.js';
import { Emitter } from './emitter.js';
import type { Settings } from './options.js';
import { Pinger } from './pinger.js';
import { Unanswered } from './unanswered.js';

/**
 * The connector that `ButtplugClient.connect` of npm's `buttplug` takes. Emits `message` with an array of messages, and `disconnect`
 * with the reason, in words, however a session ends.
 */
export class MqttConnector extends Emitter {
  /** From the call of `connect` on. */
  #session: ClientSession | undefined;
  #opening: Promise<void> | undefined;
  readonly #unanswered = new Unanswered();

  constructor(
    private readonly settings: Settings,
    private readonly clock: SequenceClock,
  ) {
    super();
  }

  get Connected(): boolean {
    return this.#session?.isOpen ?? false;
  }

  /** Resolves when the gateway listens; rejects with an MqttConnectorError that says why it does not. Every session is a new one. */
  async connect(): Promise<void> {
    if (this.Connected) return;
    this.#opening ??= this.#open();
    await this.#opening;
  }

  /** Resolves when the broker knows; devices stop. */
  async disconnect(): Promise<void> {
    await this.#session?.end('The client disconnected');
  }

  async initialize(): Promise<void> {}

  send(message: object): void {
    if (!this.#session?.isOpen) throw new MqttConnectorError('The connector is not connected');
    this.#unanswered.asked(message);
    this.#session.send(`[${textOf(message)}]`);
  }

  async #open(): Promise<void> {
    const session: ClientSession = new ClientSession(this.settings, this.clock, {
      frame: (text) => this.#receive(text, session, pinger),
      ended: (reason) => {
        pinger.end();
        this.#pass(this.#unanswered.takeErrors(reason));
        this.emit('disconnect', reason);
      },
    });
    const pinger = new Pinger(
      this.clock,
      (frame) => session.send(frame),
      () => void session.end('The gateway does not answer'),
    );
    this.#session = session;
    try {
      await session.open();
      await this.initialize();
    } finally {
      this.#opening = undefined;
    }
  }

  #receive(text: string, session: ClientSession, pinger: Pinger): void {
    try {
      const messages = readFrame(text);
      this.#unanswered.answered(messages);
      this.#pass(this.settings.ping ? pinger.pass(messages) : messages);
    } catch {
      void session.end('The gateway sent something that is not a frame');
    }
  }

  #pass(messages: readonly unknown[]): void {
    const { parse } = this.settings;
    if (messages.length > 0) this.emit('message', parse ? parse(JSON.stringify(messages)) : messages);
  }
}

/** Messages of `buttplug` 3.x write themselves. */
function textOf(message: object): string {
  if ('toJSON' in message && typeof message.toJSON === 'function') {
    const text: unknown = message.toJSON();
    if (typeof text === 'string') return text;
  }
  return JSON.stringify(message);
}

function readFrame(text: string): readonly unknown[] {
  const frame: unknown = JSON.parse(text);
  if (!Array.isArray(frame)) throw new MqttConnectorError('A frame is an array of messages');
  return frame;
}
