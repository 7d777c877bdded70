import { GatewayProcess, TestFolder } from './gateway-process.js';
import { WireClient } from './wire-client.js';

const MODEL = 'Pulsegate Testbed';
/** Id of every ping. */
const PING = 4_000_000;

/** Pings five times as often as it has to, until told not to. */
export class PingingClient {
  /** When the last ping was sent, wall-clock ms. */
  lastPing = Date.now();
  /** The longest this process has let its own client wait, ms. */
  longestPause = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly wire: WireClient,
    maxPingMs: number,
  ) {
    this.#timer = setInterval(() => this.#ping(), maxPingMs / 5);
    this.#ping();
    void wire.closed.then(() => this.stopPinging());
  }

  get pingsAnswered(): number {
    return this.wire.events.filter(({ Ok }) => Ok?.Id === PING).length;
  }

  stopPinging(): void {
    clearInterval(this.#timer);
  }

  vibrate(deviceIndex: number, level: number): Promise<void> {
    return this.wire.output(deviceIndex, 0, { Vibrate: { Value: level } });
  }

  #ping(): void {
    const now = Date.now();
    this.longestPause = Math.max(this.longestPause, now - this.lastPing);
    this.lastPing = now;
    this.wire.tell({ Ping: { Id: PING } });
  }
}

export interface CrowdOptions {
  readonly size: number;
  readonly maxPingMs: number;
  readonly onPingTimeout: 'all' | 'driven';
}

/** A gateway in a process of its own, with as many clients as devices, all held to a ping time. */
export class Crowd implements AsyncDisposable {
  private constructor(
    readonly gateway: GatewayProcess,
    readonly clients: readonly PingingClient[],
    private readonly maxPingMs: number,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async gather({ size, maxPingMs, onPingTimeout }: CrowdOptions): Promise<Crowd> {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TestFolder.create());
    const gateway = stack.use(
      await GatewayProcess.start(folder, {
        safety: { onPingTimeout },
        plugins: {
          'transport-websocket': { maxPingTime: maxPingMs },
          'hardware-simulated': { devices: Array.from({ length: size }, () => ({ model: MODEL })) },
        },
      }),
    );
    await gateway.simulated.connected(size);
    const clients: PingingClient[] = [];
    for (let count = 0; count < size; count += 1) {
      const client = new PingingClient(await WireClient.connect(gateway.url), maxPingMs);
      stack.defer(() => client.stopPinging());
      clients.push(client);
    }
    return new Crowd(gateway, clients, maxPingMs, stack.move());
  }

  /** This process was so busy that its clients may have missed their pings: nothing can be learnt about the gateway. */
  get pingedTooLate(): boolean {
    return this.clients.some(({ longestPause }) => longestPause > this.maxPingMs * 0.7);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }
}

const ATTEMPTS = 3;

/** Does something with a crowd; once more with a new one where this machine, and not the gateway, was too slow for it. */
export async function withCrowd<T>(options: CrowdOptions, act: (crowd: Crowd) => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS; ; left -= 1) {
    await using crowd = await Crowd.gather(options);
    try {
      return await act(crowd);
    } catch (error) {
      if (left === 1 || !crowd.pingedTooLate) throw error;
    }
  }
}
