import type {
  ButtplugConnector,
  Clock,
  EmbeddedClient,
  EmbeddedTransport,
  Logger,
  SessionHost,
  SessionOptions,
} from 'pulsegate/plugin';
import { InProcessClient } from './client.js';
import { InProcessConnector } from './connector.js';
import { EmbeddedLine, type Line, type LineListener } from './line.js';

/** Lines between clients in this process and their sessions. */
export class EmbeddedLines implements EmbeddedTransport {
  readonly #open = new Set<EmbeddedLine>();
  #count = 0;

  constructor(
    private readonly sessions: SessionHost,
    private readonly maxPingTimeMs: number | undefined,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  connector(): ButtplugConnector {
    return new InProcessConnector((listener) => this.#connect(listener));
  }

  client(name: string, options?: SessionOptions): Promise<EmbeddedClient> {
    return InProcessClient.connect(name, (listener) => this.#connect(listener, options), this.clock, this.log);
  }

  closeAll(): void {
    for (const line of this.#open) line.close({ kind: 'going-away', text: 'this transport has stopped' });
  }

  #connect(listener: LineListener, options?: SessionOptions): Line {
    this.#count += 1;
    const line = new EmbeddedLine(`embedded-${this.#count}`, listener, () => this.#open.delete(line));
    this.#open.add(line);
    line.session = this.sessions.open(line, { maxPingTimeMs: this.maxPingTimeMs, ...options });
    return line;
  }
}
