import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isLoopback, PluginError } from 'pulsegate/plugin';
import { WebSocketServer } from 'ws';
import type { WebSocketHardwareConfig } from './config.js';
import type { WebSocketManager } from './manager.js';

/** The port that devices connect to. */
export class DeviceServer {
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;

  constructor(
    private readonly plugin: string,
    private readonly config: WebSocketHardwareConfig,
    manager: WebSocketManager,
  ) {
    // Requests that are none for a WebSocket have no business here.
    this.#http = createServer((_request, response) => response.writeHead(426, { connection: 'close' }).end());
    this.#webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: config.maxPayload,
      perMessageDeflate: false,
    });
    this.#http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const status = this.#refusal(request, manager);
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        manager.accept(webSocket, request.socket.remoteAddress ?? 'somebody'),
      );
    });
  }

  /** `127.0.0.1:54817`, once it listens. */
  get address(): string {
    const address = this.#http.address();
    if (typeof address !== 'object' || !address) return 'nowhere';
    return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
  }

  /** Rejects with a PluginError that says what to do. */
  async open(): Promise<void> {
    const { host, port, insecure } = this.config;
    if (!isLoopback(host) && !insecure) {
      throw new PluginError(
        this.plugin,
        `On ${host} anybody in the network could pretend to be a device: set plugins.${this.plugin}.insecure to true if that is all right, or plugins.${this.plugin}.host to 127.0.0.1`,
      );
    }
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (error) =>
        reject(
          new PluginError(
            this.plugin,
            `Cannot listen on ${host}:${port} (${error.message}); perhaps another server for devices runs there: choose another plugins.${this.plugin}.port`,
            { cause: error },
          ),
        ),
      );
      this.#http.listen(port, host, resolve);
    });
  }

  async close(): Promise<void> {
    for (const webSocket of this.#webSockets.clients) webSocket.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  /** Pages in a browser say where they come from, and any page may try; programs and devices say nothing. */
  #refusal({ headers: { origin } }: IncomingMessage, manager: WebSocketManager): string | undefined {
    if (manager.connections >= this.config.maxDevices) return '503 Service Unavailable';
    if (origin === undefined || this.config.allowedOrigins.includes(origin)) return undefined;
    return isLoopback(URL.parse(origin)?.hostname.replace(/^\[|\]$/g, '') ?? '') ? undefined : '403 Forbidden';
  }
}
