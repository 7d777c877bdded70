/** The package as a library: a gateway inside another program. */
export type {
  ButtplugConnector,
  ButtplugConnectorEvents,
  EmbeddedClient,
  EmbeddedClientEvents,
  MessageBody,
  WireMessage,
} from './embedded.js';
export { ErrorCode, GatewayError, RefusedError } from './errors.js';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.js';
