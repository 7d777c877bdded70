/**
 * What a Pulsegate script sees. Editors complete it when this file is beside the scripts, or named in their first line:
 *
 *   /// <reference path="../pulsegate-script.d.ts" />
 *
 * `pulsegate script check FILE` checks a script against it. The manual is docs/scripting.md.
 */

/** Names of outputs; case does not count where a script writes them. */
type PulsegateOutput =
  | 'Vibrate'
  | 'Rotate'
  | 'Oscillate'
  | 'Constrict'
  | 'Temperature'
  | 'Led'
  | 'Spray'
  | 'Position'
  | 'HwPositionWithDuration';

/** Names of inputs; case does not count where a script writes them. */
type PulsegateInput = 'Battery' | 'RSSI' | 'Pressure' | 'Button' | 'Depth' | 'Position';
type PulsegateInputEvent = PulsegateInput | Lowercase<PulsegateInput>;

/** Any text: a type that was written down elsewhere. */
type PulsegateName = string & Record<never, never>;

interface PulsegateSubscription {
  /** Ends it; harmless when repeated. */
  cancel(): void;
}

/** What devices and single features can be told. Every promise resolves when the gateway has taken the command. */
interface PulsegateOutputs {
  /** Level 0…1. */
  vibrate(level: number): Promise<void>;
  /** Speed and direction, -1…1; 0…1 for a device that turns one way only. */
  rotate(level: number): Promise<void>;
  /** Speed 0…1. */
  oscillate(level: number): Promise<void>;
  /** Pressure 0…1. */
  constrict(level: number): Promise<void>;
  /** Warmth 0…1, or -1…1 for a device that also cools. */
  temperature(level: number): Promise<void>;
  /** Brightness 0…1. */
  led(level: number): Promise<void>;
  /** Amount 0…1. */
  spray(level: number): Promise<void>;
  /** Goes to a position 0…1 as fast as it can. */
  position(position: number): Promise<void>;
  /** Goes to a position 0…1 within so many ms. */
  positionWithDuration(position: number, ms: number): Promise<void>;
  stop(): Promise<void>;
  /** The levels that an output takes: [0, 1], or [-1, 1] where it goes both ways. */
  range(output: PulsegateOutput): readonly [min: number, max: number];
  /** Whether it has this output or input. */
  has(type: string): boolean;
  /** The outputs it has. */
  readonly outputs: readonly string[];
  /** The inputs it has. */
  readonly inputs: readonly string[];
}

/** One feature of a device, such as one of two motors. */
interface PulsegateFeature extends PulsegateOutputs {
  readonly index: number;
  readonly description: string;
  /** Reads an input once. Levels are 0…1; a button's number and RSSI (dBm) are as the device says them. */
  read(type: PulsegateInput): Promise<number>;
  /** Listens to an input of this feature. */
  on(type: PulsegateInput, listener: (value: number, feature: PulsegateFeature) => unknown): PulsegateSubscription;
}

/** A connected device. What it is told goes to all of its features that have the output. */
interface PulsegateDevice extends PulsegateOutputs {
  /** The same every time this very device is connected. */
  readonly index: number;
  readonly name: string;
  /** The name its owner gave it, else the same as `name`. */
  readonly displayName: string;
  readonly connected: boolean;
  readonly features: readonly PulsegateFeature[];
  /** The feature of this index. */
  feature(index: number): PulsegateFeature;
  /** Charge, 0…1. */
  battery(): Promise<number>;
  /** Signal strength, dBm. */
  rssi(): Promise<number>;
  /** Reads an input of the first feature that has it. */
  read(type: PulsegateInputEvent): Promise<number>;
  /** Calls `listener` when the device is gone. */
  on(event: 'removed', listener: (device: PulsegateDevice) => unknown): PulsegateSubscription;
  /** Calls `listener` with every reading of this input. Levels are 0…1; a button's number is as the device says it. */
  on(
    event: PulsegateInputEvent,
    listener: (value: number, feature: PulsegateFeature) => unknown,
  ): PulsegateSubscription;
}

/** By name (`*` stands for any text, case does not count), by index, by what the device has, or as a function says. */
type PulsegateDeviceQuery =
  | string
  | number
  | ((device: PulsegateDevice) => boolean)
  | {
      readonly name?: string;
      readonly index?: number;
      readonly output?: PulsegateOutput | PulsegateName;
      readonly input?: PulsegateInput | PulsegateName;
    };

/** The devices this script may use, as they are at the moment. */
interface PulsegateDevices extends Iterable<PulsegateDevice> {
  readonly length: number;
  list(): PulsegateDevice[];
  /** The first that fits, or undefined. */
  find(query?: PulsegateDeviceQuery): PulsegateDevice | undefined;
  /** All that fit. */
  filter(query?: PulsegateDeviceQuery): PulsegateDevice[];
  /** The first that fits, now or as soon as it is connected. Rejects after `timeout` ms, if that is given. */
  first(
    query?: PulsegateDeviceQuery,
    options?: { readonly timeout?: number; readonly signal?: AbortSignal },
  ): Promise<PulsegateDevice>;
  on(event: 'added' | 'removed', listener: (device: PulsegateDevice) => unknown): PulsegateSubscription;
}

/** Whatever was stored or answered, as `JSON.parse` would give it. */
type PulsegateJson = ReturnType<typeof JSON.parse>;

interface PulsegateStorage {
  /** The value, or undefined. */
  get(key: string): Promise<PulsegateJson>;
  /** Resolves when the value, which must be JSON, is on disk. */
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
  clear(): Promise<void>;
}

interface PulsegateHttpResponse {
  readonly status: number;
  readonly statusText: string;
  /** Status 200…299. */
  readonly ok: boolean;
  /** After redirects. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  text(): Promise<string>;
  json(): Promise<PulsegateJson>;
}

interface PulsegateHttp {
  /** Only to hosts that the script's header or the configuration grants. */
  fetch(
    url: string,
    options?: {
      readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** ms, 10000 unless given. */
      readonly timeout?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<PulsegateHttpResponse>;
}

interface PulsegateMqtt {
  /** Only to topics that the script's header or the configuration grants. */
  subscribe(filter: string, listener: (payload: string, topic: string) => unknown): Promise<PulsegateSubscription>;
  /** What is no text is published as JSON. */
  publish(topic: string, payload: unknown, options?: { readonly retain?: boolean }): Promise<void>;
}

interface PulsegateScript {
  readonly name: string;
  /** Text of a .txt, .csv, .json or .funscript file in the script's own folder. */
  readText(path: string): Promise<string>;
  /** Ends this script; what it drives stops. */
  exit(): void;
  /** The session is about to end: there is one turn left, for a last word. What the script drives stops in any case. */
  on(event: 'disconnecting', listener: (reason: string) => unknown): PulsegateSubscription;
}

interface PulsegateConsole {
  log(...values: readonly unknown[]): void;
  info(...values: readonly unknown[]): void;
  debug(...values: readonly unknown[]): void;
  warn(...values: readonly unknown[]): void;
  error(...values: readonly unknown[]): void;
}

declare const devices: PulsegateDevices;
declare const storage: PulsegateStorage;
declare const http: PulsegateHttp;
declare const mqtt: PulsegateMqtt;
declare const script: PulsegateScript;
declare const console: PulsegateConsole;

/** Looks for devices for `ms` (10000 unless given), or until the hardware has looked everywhere. */
declare function scan(ms?: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
/** Stops every device this script may use, whoever drives it. */
declare function stopAll(): Promise<void>;

/** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
declare function sleep(ms: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
/**
 * Runs `task` every so many ms (5 or more), or by a cron expression of five or six fields. A run that is still under way is
 * not started a second time.
 */
declare function every(
  when: number | string,
  task: () => unknown,
  options?: { readonly signal?: AbortSignal; readonly timezone?: string },
): PulsegateSubscription;

declare function setTimeout(task: (...values: never[]) => unknown, ms?: number, ...values: unknown[]): number;
declare function setInterval(task: (...values: never[]) => unknown, ms?: number, ...values: unknown[]): number;
declare function clearTimeout(timer: number | undefined): void;
declare function clearInterval(timer: number | undefined): void;
declare const performance: {
  /** Milliseconds that never jump, unlike those of Date; only differences mean anything. */
  now(): number;
};
declare function queueMicrotask(task: () => unknown): void;

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
/** The reason of a signal that was aborted without one. */
declare class AbortError extends Error {}
/** The gateway answered a command with an error; `code` is that of the Buttplug protocol. */
declare class GatewayRefusal extends Error {
  readonly code: number;
}

declare module 'pulsegate:patterns' {
  /** A level 0…1 by the time since the pattern began, ms. */
  export type Pattern = (ms: number) => number;
  export function constant(level: number): Pattern;
  export function wave(options: {
    /** ms from one beginning to the next. */
    readonly period: number;
    readonly min?: number;
    readonly max?: number;
    /** How far into its period the wave begins, 0…1. */
    readonly phase?: number;
    readonly shape?: 'sine' | 'triangle' | 'square' | 'saw';
  }): Pattern;
  /** On for `on` ms, off for `off` ms. */
  export function pulse(options: {
    readonly on: number;
    readonly off: number;
    readonly level?: number;
    readonly base?: number;
  }): Pattern;
  export function ramp(options: {
    readonly from?: number;
    readonly to?: number;
    /** ms from the one to the other. */
    readonly over: number;
    readonly after?: 'hold' | 'repeat' | 'bounce';
  }): Pattern;
  /** Wanders about, at most `step` in `every` ms; the same seed walks the same way. */
  export function randomWalk(options: {
    /** A whole number. */
    readonly seed: number;
    readonly every?: number;
    readonly step?: number;
    readonly min?: number;
    readonly max?: number;
  }): Pattern;
  export type SequencePart =
    | { readonly pattern: Pattern; readonly for: number }
    | { readonly level: number; readonly for: number };
  /** One part after the other, each for so many ms. */
  export function sequence(parts: readonly SequencePart[], options?: { readonly repeat?: boolean }): Pattern;
  /** Swells, is held and fades; with a pattern, that pattern does. All times in ms. */
  export function envelope(
    options: {
      readonly attack: number;
      readonly decay?: number;
      readonly sustain?: number;
      readonly hold: number;
      readonly release: number;
    },
    pattern?: Pattern,
  ): Pattern;
  /** The weighted mean. */
  export function mix(...parts: readonly (Pattern | readonly [pattern: Pattern, weight: number])[]): Pattern;
  export function scale(pattern: Pattern, min: number, max: number): Pattern;
  export function faster(pattern: Pattern, factor: number): Pattern;
  export function delay(pattern: Pattern, ms: number): Pattern;
  export function highest(...patterns: readonly Pattern[]): Pattern;
  export function product(...patterns: readonly Pattern[]): Pattern;
  export function invert(pattern: Pattern): Pattern;
  export function quantise(pattern: Pattern, steps: number): Pattern;
}

declare module 'pulsegate:funscript' {
  export interface FunscriptAction {
    /** ms from the beginning. */
    readonly at: number;
    /** 0…1. */
    readonly position: number;
  }
  export interface Funscript {
    readonly actions: readonly FunscriptAction[];
    /** ms. */
    readonly duration: number;
    /** 0…1 at this time, ms. */
    positionAt(ms: number): number;
    /** Change of position per second at this time, ms. */
    speedAt(ms: number): number;
  }
  export interface PlayOptions {
    readonly loop?: boolean;
    /** 0.1…4. */
    readonly speed?: number;
    /** Where to begin, ms. */
    readonly from?: number;
    /** Stroke range of the device, 0…1 each. */
    readonly range?: readonly [low: number, high: number];
    /** Of devices that have levels only, 0…1. */
    readonly intensity?: number;
    /** Updates a second for devices without timed moves, 1…50. */
    readonly rate?: number;
    /** Aborting it is the same as `stop`. */
    readonly signal?: AbortSignal;
  }
  export interface Player {
    readonly playing: boolean;
    /** Place in the funscript, ms. */
    readonly position: number;
    /** Rejects with the error of a command that failed. */
    readonly finished: Promise<'ended' | 'stopped'>;
    pause(): void;
    resume(): void;
    seek(ms: number): void;
    stop(): void;
  }
  export function parse(text: string): Funscript;
  /** A .funscript file in the script's own folder. */
  export function load(path: string): Promise<Funscript>;
  export function play(device: PulsegateDevice, funscript: Funscript, options?: PlayOptions): Player;
}
