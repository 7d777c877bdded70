import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** The gateway's one HTTP port. Hosts, origins and tokens are already checked when a handler sees a request. */
export interface HttpHost {
  /** Adds routes. Only before the port opens, that is in a plugin's `create` or `start`. */
  routes(register: (app: FastifyInstance) => void): void;
  /** Takes every upgrade request that passed the checks. One plugin at a time. */
  onUpgrade(handler: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): Disposable;
}
