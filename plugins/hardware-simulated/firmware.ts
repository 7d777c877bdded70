import type { Endpoint, OutputType } from 'pulsegate/plugin';

/** The motors and sensors of one simulated toy, as its firmware sees them. Levels are in the device's own steps. */
export interface Toy {
  /** Advertised name, e.g. `LVS-P36`. */
  readonly name: string;
  /** The catalogue's model identifier, e.g. `P`. */
  readonly identifier: string;
  /** Charge in percent, whole; drains while motors run. */
  readonly battery: number;
  /** Sets a motor. */
  set(featureIndex: number, type: OutputType, level: number): void;
  /** Starts a move that reaches `target` after `durationMs`. */
  move(featureIndex: number, target: number, durationMs: number): void;
  /** Where the part is that goes to positions, with a fraction while it is on its way. */
  position(featureIndex: number): number;
  /** Sends a notification; dropped when nobody subscribed to the endpoint. */
  notify(endpoint: Endpoint, data: Uint8Array): void;
}

/**
 * The inside of a toy: understands its protocol's packets the way the real device does. Packets it does not understand are
 * ignored, as a real device does; the recorder keeps them anyway.
 */
export interface Firmware {
  write(endpoint: Endpoint, data: Uint8Array): void;
  /** Answer to a read; undefined: this endpoint cannot be read. */
  read?(endpoint: Endpoint): Uint8Array | undefined;
  /** Somebody subscribed to an endpoint. */
  subscribed?(endpoint: Endpoint): void;
  /** A sensor of the toy changed (somebody squeezed it, pressed its button). */
  sense?(featureIndex: number, value: number): void;
}

/** How to simulate the devices of one protocol. */
export interface FirmwareDefinition {
  /** Protocol id in the catalogue. */
  readonly protocol: string;
  /** The name a device with this model identifier advertises, where it is not the identifier itself. */
  advertisedName?(identifier: string): string;
  /** What it advertises behind the company id, where that is more than the catalogue knows it by. */
  manufacturerData?(identifier: string): Uint8Array;
  create(toy: Toy): Firmware;
}
