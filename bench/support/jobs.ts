/** What the load client can be asked to do, and what it answers. */

/** Closed loops: every client keeps so many commands on their way, and sends the next when one is answered. */
export interface DriveJob {
  readonly kind: 'drive';
  readonly port: number;
  readonly clients: number;
  /** Client number n drives device n modulo this. */
  readonly devices: number;
  /** Commands on their way, per client. */
  readonly inFlight: number;
  /** Commands before anything is counted, all clients together. */
  readonly warmUp: number;
  /** How long to measure: a time in ms, or a number of commands. */
  readonly length: { readonly ms: number } | { readonly commands: number };
}

/** Latencies in ms, from sending a command to its Ok. */
export interface DriveResult {
  readonly perSecond: number;
  readonly refused: number;
  readonly median: number;
  readonly p99: number;
  /** p99 of every client, by itself. */
  readonly clientP99s: readonly number[];
}

/** Clients that ping in time and drive, until some of them fall silent. */
export interface SilenceJob {
  readonly kind: 'silence';
  readonly port: number;
  readonly clients: number;
  readonly devices: number;
  readonly pingEveryMs: number;
  readonly maxPingTimeMs: number;
  /** `first`: only client 0, which drives feature 0 of every device. `all`: each of them, with an output of its own. */
  readonly silent: 'first' | 'all';
}

/** An output that has to be off by a certain time. */
export interface DueStop {
  readonly device: number;
  readonly feature: number;
  /** Wall-clock ms; no later than the server's own idea of it. */
  readonly deadline: number;
}

export interface SilenceResult {
  readonly dueStops: readonly DueStop[];
}

/** Connections that send junk until told to stop. */
export interface HostileJob {
  readonly kind: 'hostile';
  readonly port: number;
  readonly connections: number;
  readonly framesPerSecond: number;
  readonly ms: number;
}

export interface HostileResult {
  readonly sent: number;
}

/** Clients as apps are written: a WebSocket library, JSON, a timer, and every command awaited. */
export interface PaceJob {
  readonly kind: 'pace';
  readonly port: number;
  readonly clients: number;
  readonly devices: number;
  /** From one command of a client to its next, ms. */
  readonly everyMs: number;
  readonly ms: number;
}

export interface PaceResult {
  readonly commands: number;
}

/** Plain topics: every one of them is told the levels from 1 to `levels`, all at an even pace. */
export interface MqttPublishJob {
  readonly kind: 'mqtt-publish';
  /** The broker's. */
  readonly port: number;
  readonly topics: readonly string[];
  readonly levels: number;
  /** Messages, all topics together. */
  readonly perSecond: number;
}

export interface MqttPublishResult {
  /** By topic and level - 1: wall-clock ms. */
  readonly sentAt: readonly (readonly number[])[];
}

/** As much of the same from one plain client to another. */
export interface MqttEchoJob {
  readonly kind: 'mqtt-echo';
  readonly port: number;
  readonly topics: number;
  readonly levels: number;
  readonly perSecond: number;
}

/** Latencies in ms, from publishing to receipt. */
export interface MqttEchoResult {
  readonly median: number;
  readonly p99: number;
  readonly lost: number;
}

/** One session over MQTT, one command at a time. */
export interface MqttDriveJob {
  readonly kind: 'mqtt-drive';
  readonly port: number;
  /** Name of the gateway on the broker. */
  readonly gateway: string;
  readonly warmUp: number;
  readonly commands: number;
}

/** Latencies in ms, from sending a command to its Ok. */
export interface MqttDriveResult {
  readonly median: number;
  readonly p99: number;
}

export type Job = DriveJob | SilenceJob | HostileJob | PaceJob | MqttPublishJob | MqttEchoJob | MqttDriveJob;

export interface Results {
  readonly drive: DriveResult;
  readonly silence: SilenceResult;
  readonly hostile: HostileResult;
  readonly pace: PaceResult;
  readonly 'mqtt-publish': MqttPublishResult;
  readonly 'mqtt-echo': MqttEchoResult;
  readonly 'mqtt-drive': MqttDriveResult;
}

/** Milliseconds of the wall clock, with a fraction. */
export const wallClock = (): number => performance.timeOrigin + performance.now();
