import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, HttpHost, Logger, PluginInstance, SessionHost, Timer } from 'pulsegate/plugin';
import { type WebSocket, WebSocketServer } from 'ws';
import type { WebSocketConfig } from './config.js';
import { WebSocketConnection } from './connection.js';
import { type DialledLine, Dialler } from './dialler.js';

export interface WebSocketTransportOptions extends WebSocketConfig {
  /** The plugin's. */
  readonly name: string;
  readonly sessions: SessionHost;
  readonly http: HttpHost;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long a client may take to answer a close frame at shutdown, ms. */
const CLOSE_GRACE_MS = 500;

/** Takes WebSocket upgrades from the HTTP port, dials where it was told to, and gives each connection a session. */
export class WebSocketTransport implements PluginInstance {
  readonly #server: WebSocketServer;
  readonly #connections = new Set<WebSocketConnection>();
  readonly #dialled = new Set<WebSocketConnection>();
  readonly #diallers: readonly Dialler[];
  #upgrades: Disposable | undefined;
  #heartbeat: Timer | undefined;
  #count = 0;

  constructor(private readonly options: WebSocketTransportOptions) {
    // Frames are small and frequent: compressing them costs more than it saves.
    this.#server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: options.maxPayload });
    const serve = (line: DialledLine) => this.#serveDialled(line);
    this.#diallers = options.dial.map((dialled) => new Dialler(options.name, dialled, { ...options, serve }));
  }

  start(): void {
    const { http, clock, heartbeat } = this.options;
    this.#upgrades = http.onUpgrade((request, socket, head) => this.#upgrade(request, socket, head));
    if (heartbeat > 0) {
      this.#heartbeat = clock.every(heartbeat, () => {
        for (const connection of this.#connections) connection.beat();
      });
    }
    for (const dialler of this.#diallers) dialler.start();
  }

  /** The gateway has ended the sessions by now; what is left are clients that do not answer. */
  async stop(): Promise<void> {
    this.#upgrades?.[Symbol.dispose]();
    this.#heartbeat?.cancel();
    this.#hangUp();
    for (const connection of this.#connections)
      connection.close({ kind: 'going-away', text: 'this transport has stopped' });
    const { clock } = this.options;
    const ended = Promise.all([...this.#connections].map((connection) => connection.ended));
    const grace = new AbortController();
    await Promise.race([ended, clock.sleep(CLOSE_GRACE_MS, grace.signal).catch(() => {})]);
    grace.abort();
    for (const connection of this.#connections) connection.terminate('did not answer the close');
  }

  #hangUp(): void {
    for (const dialler of this.#diallers) dialler.stop();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { maxConnections, log } = this.options;
    if (this.#connections.size - this.#dialled.size >= maxConnections) {
      log.warn(`refused a connection: there are ${maxConnections} already`);
      // Without waiting for the peer to close its end: it might never do so.
      socket.once('finish', () => socket.destroy());
      socket.end('HTTP/1.1 503 Too Many Connections\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, request));
  }

  #accept(webSocket: WebSocket, { socket }: IncomingMessage): void {
    const { remoteAddress = 'unknown', remotePort = 0 } = socket;
    this.#serve(webSocket, socket, `${remoteAddress}:${remotePort}`, this.options.maxPingTime);
  }

  async #serveDialled({ webSocket, socket, remote, maxPingTime }: DialledLine): Promise<string> {
    const connection = this.#serve(webSocket, socket, remote, maxPingTime);
    this.#dialled.add(connection);
    const reason = await connection.ended;
    this.#dialled.delete(connection);
    if (connection.isGoingAway) this.#hangUp();
    return reason;
  }

  #serve(webSocket: WebSocket, socket: Socket, remote: string, maxPingTimeMs: number | undefined): WebSocketConnection {
    const { sessions, clock, log, maxBuffered } = this.options;
    this.#count += 1;
    const connection = new WebSocketConnection(webSocket, socket, {
      id: `ws-${this.#count}`,
      remote,
      maxBuffered,
      clock,
      log,
    });
    this.#connections.add(connection);
    void connection.ended.then(() => this.#connections.delete(connection));
    connection.attach(sessions.open(connection, { maxPingTimeMs }));
    return connection;
  }
}
