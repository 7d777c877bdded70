import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import fastify, { type FastifyInstance } from 'fastify';
import { ListenError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import { type AccessOptions, AccessPolicy } from './access-policy.js';
import type { HttpHost } from './http-host.js';
import { isLoopback } from './loopback.js';
import { NO_COMPILERS, serializerOf, validatorOf } from './schemas.js';

// Not imported: an import reads every property of the module, and one of them loads all of fetch, 60 ms and 3 MB at each start.
const { createServer } = process.getBuiltinModule('node:http');

export interface HttpServerOptions extends AccessOptions {
  readonly port: number;
}

/** A request body may be this large, bytes; frames on a WebSocket have a limit of their own. */
const BODY_LIMIT = 256 * 1024;
/** Header and request must arrive within this time, ms, or the connection is dropped: silent peers hold nothing up. */
const REQUEST_TIMEOUT_MS = 10_000;

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * The gateway's one port. On loopback it listens on 127.0.0.1 and on ::1 alike, because `localhost` is either. It knows all
 * its sockets, so that closing never waits for a client.
 */
export class HttpServer implements HttpHost {
  readonly app: FastifyInstance;
  readonly #policy: AccessPolicy;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #opened = Promise.withResolvers<void>();
  #upgradeHandler: UpgradeHandler | undefined;

  constructor(
    private readonly options: HttpServerOptions,
    private readonly log: Logger,
  ) {
    this.#policy = new AccessPolicy(options);
    this.app = fastify({
      bodyLimit: BODY_LIMIT,
      schemaController: { compilersFactory: NO_COMPILERS },
      // Only its routing is used: the servers here listen on two addresses and own their sockets.
      serverFactory: () => createServer(),
    });
    this.app.setValidatorCompiler(validatorOf);
    this.app.setSerializerCompiler(serializerOf);
    this.app.addHook('onRequest', async (request, reply) => {
      // Health says nothing secret, and whoever watches over the gateway should not need its token.
      const refusal = this.#policy.refusal(request.raw, request.url !== '/health');
      if (refusal) return reply.code(refusal.status).send({ error: refusal.text });
      return undefined;
    });
    this.app.setErrorHandler((error, _request, reply) => {
      const status =
        error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
          ? error.statusCode
          : 500;
      if (status < 500 && error instanceof Error) return reply.code(status).send({ error: error.message });
      this.log.error({ err: error }, 'a request could not be handled');
      return reply.code(500).send({ error: 'The gateway failed to handle this; its log says why' });
    });
    this.app.setNotFoundHandler((request, reply) =>
      reply.code(404).send({ error: `There is no ${request.method} ${request.url.slice(0, 100)}` }),
    );
  }

  /** Where it listens, once it does: `127.0.0.1:12345`. */
  get addresses(): readonly string[] {
    return this.#servers.flatMap((server) => {
      const address = server.address();
      return address && typeof address === 'object' ? [formatAddress(address)] : [];
    });
  }

  get port(): number | undefined {
    const address = this.#servers[0]?.address();
    return address && typeof address === 'object' ? address.port : undefined;
  }

  routes(register: (app: FastifyInstance) => void): void {
    register(this.app);
  }

  onUpgrade(handler: UpgradeHandler): Disposable {
    this.#upgradeHandler = handler;
    return {
      [Symbol.dispose]: () => {
        if (this.#upgradeHandler === handler) this.#upgradeHandler = undefined;
      },
    };
  }

  /** Takes the port; requests wait until `open`. Rejects with a ListenError that says what to do. */
  async bind(): Promise<void> {
    const { host, port } = this.options;
    await this.#listenOn(host === 'localhost' ? '127.0.0.1' : host, port);
    if (!isLoopback(host) || host === '::1') return;
    try {
      await this.#listenOn('::1', this.port ?? port);
    } catch (error) {
      this.log.debug({ err: error }, 'not listening on ::1');
    }
  }

  /** Answers requests from now on, those that have been waiting first. No routes can be added any more. */
  async open(): Promise<void> {
    await this.app.ready();
    this.#opened.resolve();
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    await this.app.close();
  }

  async #listenOn(host: string, port: number): Promise<void> {
    const limits = {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
    };
    const server = createServer(limits, (request, response) => {
      void this.#opened.promise.then(() => this.app.routing(request, response));
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      void this.#opened.promise.then(() => this.#upgrade(request, socket, head));
    });
    await listen(server, host, port);
    this.#servers.push(server);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#policy.refusal(request);
    if (refusal) {
      this.log.warn({ remote: request.socket.remoteAddress }, `refused a connection: ${refusal.text}`);
      endUpgrade(socket, refusal.status, refusal.text);
    } else if (this.#upgradeHandler) this.#upgradeHandler(request, socket, head);
    else endUpgrade(socket, 503, 'No transport takes WebSocket connections at present');
  }
}

/** A peer that never closes its own end would hold the socket, so it goes as soon as the answer is out. */
function endUpgrade(socket: Duplex, status: number, text: string): void {
  socket.once('finish', () => socket.destroy());
  const body = JSON.stringify({ error: text });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(listenError(host, port, error));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function listenError(host: string, port: number, error: NodeJS.ErrnoException): ListenError {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `${where} is already in use, perhaps by another gateway; stop that, or choose another port with --port`,
        {
          cause: error,
        },
      );
    case 'EACCES':
      return new ListenError(
        `No permission to listen on ${where}; ports below 1024 are the system's, choose another with --port`,
        {
          cause: error,
        },
      );
    default:
      return new ListenError(`Cannot listen on ${where}: ${error.message}`, { cause: error });
  }
}

const formatAddress = ({ address, family, port }: AddressInfo) =>
  family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
