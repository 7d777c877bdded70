import type { Clock } from '../clock.js';
import type { Advertisement, Endpoint, HardwareLink, LinkSpecifier } from '../hardware/contract.js';
import type { Logger } from '../logging/logger.js';
import type { Inputs, InputType, Outputs, OutputType } from '../protocol/model.js';

/** One feature of a model. Indexes may have gaps; some protocols put the index into their packets. */
export interface FeatureDefinition {
  readonly index: number;
  /** The community's identifier of this feature; settings of other tools refer to it. */
  readonly id?: string;
  readonly description: string;
  readonly outputs: Outputs;
  readonly inputs: Inputs;
  /** Its inputs are read from this endpoint, as one byte, and not by the handler. */
  readonly readFrom?: Endpoint;
}

export interface ModelDefinition {
  /** Model identifiers as `identify` returns them. Empty: the model used when no other fits. */
  readonly identifiers: readonly string[];
  readonly name: string;
  readonly id?: string;
  /**
   * Selects a form of the handler: one of the community's own words, because device files of other tools repeat them. Whatever
   * else a handler has to know of a model it sees in its features and in its identifier.
   */
  readonly variant?: string;
  /** Overrides the link's own gap, ms. */
  readonly messageGapMs?: number;
  /** Where it is not the protocol's. */
  readonly brand?: string;
  /** What its owner calls it, where the device itself knows; the device settings have the last word. */
  readonly displayName?: string;
  /**
   * It is the device of another server, which others may drive past this gateway: nobody here knows what it does, so no order
   * is left out as a repetition, and every stop is sent. It is not shown to other gateways that show devices of this one.
   */
  readonly isRemote?: boolean;
  readonly features: readonly FeatureDefinition[];
}

/** A packet for the write queue. */
export interface DeviceWrite {
  /** A later packet with the same slot replaces one that still waits. Usually the feature, or one slot for the whole device. */
  readonly slot: string | number;
  /** Further slots this packet stands for: packets in any of them replace, and are replaced by, this one. */
  readonly alsoSlots?: readonly (string | number)[];
  readonly endpoint: Endpoint;
  readonly data: Uint8Array;
  readonly withResponse: boolean;
  /**
   * Called each time the packet sets out, and never when another took its place: for handlers that have to know what reached the
   * device. Must not throw.
   */
  readonly onDeparture?: () => void;
}

/** One output order in device steps: limits, reversal and offsets are already applied. */
export interface DeviceOutput {
  readonly feature: FeatureDefinition;
  readonly type: OutputType;
  readonly value: number;
  /** ms, for HwPositionWithDuration; 0 otherwise. */
  readonly duration: number;
  /** A stop of a timed move: the device has to stay where it is, and that is `value`, to a step and within its user's limits. */
  readonly isHold?: true;
}

/** The levels in force after the order being encoded, in device steps. */
export interface DeviceLevels {
  /** Level of one output; 0 if never set. */
  get(featureIndex: number, type: OutputType): number;
  /**
   * How strong a feature is, whatever it does: its level without a direction, and the highest where it has several. 0 if never
   * set, and where there is no such feature. Positions do not count.
   */
  readonly at: (featureIndex: number) => number;
  /** The same for all outputs of a type, whichever features they belong to. */
  of(type: OutputType): number;
}

export interface DeviceInput {
  readonly feature: FeatureDefinition;
  readonly type: InputType;
}

/** What a protocol has to work with while a device is connected. Aborted `signal`: the device is gone, end every wait. */
export interface ProtocolContext {
  readonly advertisement: Advertisement;
  readonly link: HardwareLink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface DeviceContext extends ProtocolContext {
  readonly identifier: string;
  readonly model: ModelDefinition;
}

/** Where a part is that timed moves put. */
export interface Whereabouts {
  /** Device steps; on its way there may be a fraction. */
  readonly position: number;
  readonly isMoving: boolean;
}

/** Drives one connected device. */
export interface ProtocolHandler {
  /**
   * The packets for one order; level 0 must really stop the output. Throws a DeviceError for what the device is not able to
   * do. Called for every command, so it must neither wait nor fail in other ways.
   */
  output(order: DeviceOutput, levels: DeviceLevels): readonly DeviceWrite[];
  /**
   * For devices that take other times than they are given: how far a timed move has got. Without it, or undefined, moves are
   * taken to be even and to end in time. Asked at every stop, and once more after the device is gone, when it comes back.
   */
  whereabouts?(feature: FeatureDefinition): Whereabouts | undefined;
  /** The device has come back, and was there by the reckoning of the handler before; if it moved, it may still do so. */
  resume?(feature: FeatureDefinition, from: Whereabouts): void;
  /**
   * Reads an input. Without it, Battery is read from `rxblebattery` and RSSI from the link, and so is an RSSI that it refuses.
   */
  read?(input: DeviceInput): Promise<number>;
  /** Starts reporting; `report` takes the raw value. Called once per input until `unsubscribe`. */
  subscribe?(input: DeviceInput, report: (value: number) => void): Promise<void>;
  unsubscribe?(input: DeviceInput): Promise<void>;
  /**
   * What keepalives send in place of the last packet as it was, once there has been one: for devices that count their packets, or
   * have to hear of several outputs again. Must not change what the device does.
   */
  keepalive?(): Omit<DeviceWrite, 'slot'> | undefined;
  /** The device is gone; the context's signal is aborted too. */
  close?(): void;
}

/** When something must be sent although nothing changes. */
export type Keepalive =
  /** On every link, repeat the last packet when none was written for `everyMs`. A full stop is sent right after connect. */
  | { readonly kind: 'repeat-last'; readonly everyMs: number }
  /** Only on links that need it: this packet, every 5 s without a write. */
  | { readonly kind: 'packet'; readonly write: Omit<DeviceWrite, 'slot'> };

/**
 * How sure it is that devices do what they are told. `unverified`: the packets come from a description that no other program in use
 * has confirmed. `recognised`: nobody has described the packets; such devices are named and left alone.
 */
export type ProtocolStatus = 'unverified' | 'recognised';

/** Everything known about one device protocol: a value, with no work done at import. */
export interface ProtocolDefinition {
  /** The community's name of the protocol; part of every device key. */
  readonly id: string;
  readonly brand: string;
  /** Absent: in use with real devices. */
  readonly status?: ProtocolStatus;
  /** Where devices are driven otherwise than by the reference engine, and why: a sentence each, for the list of devices. */
  readonly corrections?: readonly string[];
  readonly links: readonly LinkSpecifier[];
  readonly models: readonly ModelDefinition[];
  /** What the handler drives as well, though no model here has it: models that come from a file may. */
  readonly alsoDrives?: readonly OutputType[];
  /**
   * Id of a newer protocol whose devices look alike before they are asked: `models` ends with those of that one, and so does the
   * table of a file.
   */
  readonly successor?: string;
  /** Ids of protocols that claim its devices as well, and more strongly, though they are this one's. */
  readonly before?: readonly string[];
  /**
   * For devices that lose packets which follow too closely: the pauses between the packets of a row, ms; after so long as the
   * longest of them, a new row begins. Stops keep them too: a packet that gets lost stops nothing.
   */
  readonly packetGapsMs?: readonly number[];
  /** How long a device may take to be ready, ms, where its user has to do something; `devices.connectTimeout` may be longer. */
  readonly connectTimeoutMs?: number;
  /** Without one, links that need it repeat their last packet after 5 s. */
  readonly keepalive?: Keepalive;
  /** Finds the model identifier; without it the advertised name is taken. A rejection ends the connection. */
  identify?(context: ProtocolContext): Promise<string>;
  /** For devices that say themselves what they can do. Without it, or when it returns nothing, `models` are looked through. */
  modelOf?(context: ProtocolContext): ModelDefinition | undefined;
  /** Prepares the device and returns what drives it. A rejection ends the connection. */
  open(context: DeviceContext): ProtocolHandler | Promise<ProtocolHandler>;
}
