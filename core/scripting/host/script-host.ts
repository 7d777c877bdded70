import type ivm from 'isolated-vm';
import type { Clock } from '../../clock.js';
import type { FromHost, Source, ToHost } from '../wire.js';
import type { BuiltinModules } from './builtin-modules.js';
import { ScriptRun } from './script-run.js';
import { TurnWatch } from './turn-watch.js';

/** A frame of one session, as transport-ipc knows it. */
export interface Frame {
  readonly line: string;
  readonly frame: string;
}

export interface ScriptHostOptions {
  readonly ivm: typeof ivm;
  readonly builtins: BuiltinModules;
  /** The scripts' time. */
  readonly clock: Clock;
  /** Real time, by which the machine is watched. */
  readonly machineClock: Clock;
  readonly send: (message: FromHost | Frame) => void;
}

/** Runs scripts, each in an isolate, and passes text between them and the gateway. It decides nothing about what they may do. */
export class ScriptHost {
  readonly #runs = new Map<string, ScriptRun>();
  readonly #loading = new Map<number, PromiseWithResolvers<Source>>();
  readonly #watch: TurnWatch;
  #nextRequest = 1;
  #ended = 0;

  constructor(private readonly options: ScriptHostOptions) {
    this.#watch = new TurnWatch(options.machineClock, processCpuMs);
  }

  /** Every script waits for something from outside. */
  get isQuiet(): boolean {
    return this.#loading.size === 0 && [...this.#runs.values()].every(({ isQuiet }) => isQuiet);
  }

  take(message: ToHost | Frame): void {
    if ('line' in message) {
      this.#runs.get(message.line)?.deliver('f', message.frame);
      return;
    }
    switch (message.op) {
      case 'start':
        this.#start(message);
        return;
      case 'module':
        this.#loaded(message.request)?.resolve(message.source);
        return;
      case 'no-module':
        this.#loaded(message.request)?.reject(new Error(message.reason));
        return;
      case 'reply':
        this.#runs.get(message.id)?.reply(message.text, message.more);
        return;
      case 'mqtt':
        this.#runs.get(message.id)?.deliver('m', message.text);
        return;
      case 'stop':
        this.#runs.get(message.id)?.stop(message.reason);
        return;
      case 'beat':
        this.options.send({
          op: 'beat',
          residentMb: process.memoryUsage.rss() / 1024 / 1024,
          runs: this.#runs.size,
          ended: this.#ended,
        });
        return;
    }
  }

  /** Ends every run at once. */
  close(): void {
    for (const run of [...this.#runs.values()]) run.end();
  }

  #start({ id, name, clientName, entry, limits }: Extract<ToHost, { op: 'start' }>): void {
    const { ivm, builtins, clock, send } = this.options;
    const run = new ScriptRun(
      { id, name, clientName, entry, limits },
      {
        ivm,
        builtins,
        clock,
        watch: this.#watch,
        say: send,
        frame: (line, frame) => send({ line, frame }),
        load: (...request) => this.#load(...request),
        onEnded: () => {
          this.#runs.delete(id);
          this.#ended += 1;
        },
        onLost: (reason) => send({ op: 'tainted', reason }),
      },
    );
    this.#runs.set(id, run);
    void run.start();
  }

  #load(id: string, specifier: string, referrer: string): Promise<Source> {
    const request = this.#nextRequest;
    this.#nextRequest += 1;
    const loading = Promise.withResolvers<Source>();
    this.#loading.set(request, loading);
    this.options.send({ op: 'load', id, request, specifier: specifier.slice(0, 2048), referrer });
    return loading.promise;
  }

  #loaded(request: number): PromiseWithResolvers<Source> | undefined {
    const loading = this.#loading.get(request);
    this.#loading.delete(request);
    return loading;
  }
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
