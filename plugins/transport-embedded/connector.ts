import { EventEmitter } from 'node:events';
import type { ButtplugConnector, ButtplugConnectorEvents } from 'pulsegate/plugin';
import type { Line, LineListener } from './line.js';

/** The connector that `ButtplugClient.connect` of npm's `buttplug` takes. */
export class InProcessConnector extends EventEmitter<ButtplugConnectorEvents> implements ButtplugConnector {
  #line: Line | undefined;

  constructor(private readonly open: (listener: LineListener) => Line) {
    super();
  }

  get Connected(): boolean {
    return this.#line !== undefined;
  }

  async connect(): Promise<void> {
    if (this.#line) return;
    this.#line = this.open({
      frame: (text) => this.emit('message', JSON.parse(text)),
      ended: () => {
        this.#line = undefined;
        this.emit('disconnect');
      },
    });
    await this.initialize();
  }

  async disconnect(): Promise<void> {
    this.#line?.end('the client disconnected');
  }

  async initialize(): Promise<void> {}

  /** Written as JSON first: what is not JSON must not reach the gateway, and fields that are undefined are left out. */
  send(message: object): void {
    if (!this.#line) throw new Error('The connector is not connected');
    this.#line.receive(`[${JSON.stringify(message)}]`);
  }
}
