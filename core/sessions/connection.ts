import type { DeviceGrant } from './grants.js';

/** A client's line, as a transport hands it over. */
export interface Connection {
  /** Unique while the gateway runs; shown in logs. */
  readonly id: string;
  /** Who is at the other end, for people: an address, a script's name. */
  readonly remote: string;
  /** Bytes sent that the other end has not taken yet; readings are left out while there are many. */
  readonly bufferedBytes: number;
  /** Hands one frame to the client. Never throws; a line that is gone swallows it. */
  send(text: string): void;
  /** Ends the line after what was sent has gone out. */
  close(reason: CloseReason): void;
}

export interface CloseReason {
  /** `normal`: asked for. `policy`: the client broke a rule. `going-away`: the gateway ends. */
  readonly kind: 'normal' | 'policy' | 'going-away';
  /** One short sentence. */
  readonly text: string;
}

export interface SessionOptions {
  /** Ping time the client is held to, ms; 0 for none. Absent: `server.maxPingTime`. */
  readonly maxPingTimeMs?: number | undefined;
  /** Devices and features this client may see and use. Absent: all. */
  readonly devices?: readonly DeviceGrant[] | undefined;
}

/** The gateway's end of a connection. */
export interface SessionPort {
  /** One frame from the client. Never throws. */
  receive(text: string): void;
  /** The line is gone, however it ended. Stops what the client drove. Harmless when repeated. */
  closed(reason: string): void;
}

/** Where transports bring their connections. */
export interface SessionHost {
  /** Starts a session for this connection; it waits for the handshake. */
  open(connection: Connection, options: SessionOptions): SessionPort;
}
