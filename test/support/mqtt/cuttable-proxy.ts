import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a broker on this machine, and breaks what passes. */
export class CuttableProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isBlocked = false;
  #isRefusing = false;
  #port = 0;

  private constructor(private readonly target: number) {
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(target: number): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    const address = proxy.#server.address();
    if (typeof address === 'object' && address) proxy.#port = address.port;
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** Every connection through it breaks; new ones get through. Bytes that are under way are lost. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Every connection breaks, and whoever comes is turned away. */
  refuse(): void {
    this.#isRefusing = true;
    this.cut();
  }

  accept(): void {
    this.#isRefusing = false;
  }

  /** Bytes wait in both directions, and nobody is told. */
  block(): void {
    this.#isBlocked = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What has waited comes now. */
  unblock(): void {
    this.#isBlocked = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.cut();
  }

  #accept(client: Socket): void {
    if (this.#isRefusing) {
      client.destroy();
      return;
    }
    const broker = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isBlocked) from.pause();
    }
  }
}
