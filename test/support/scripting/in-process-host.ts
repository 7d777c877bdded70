import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ivm from 'isolated-vm';
import { systemClock } from '../../../core/clock.js';
import type { IpcFrame } from '../../../core/ipc.js';
import { BuiltinModules } from '../../../core/scripting/host/builtin-modules.js';
import { ScriptHost } from '../../../core/scripting/host/script-host.js';
import type { HostListener, HostProcess, LaunchHost } from '../../../core/scripting/supervisor/host-process.js';
import type { FromHost, ToHost } from '../../../core/scripting/wire.js';
import type { FakeClock } from '../fake-clock.js';

/** The compiled modules of the sandbox; `npm test` builds them first. */
const SANDBOX = fileURLToPath(new URL('../../../dist/core/scripting/sandbox/', import.meta.url));
const CRON = createRequire(import.meta.url)
  .resolve('croner')
  .replace('croner.cjs', 'croner.js');

/** Longest that scripts may compute between two moments of the fake clock, ms of real time. */
const PATIENCE_MS = 15_000;

/**
 * The script host in this process instead of one of its own, so that its time is the test's. Everything in it is real: the
 * isolates, the sandbox, the messages as JSON.
 */
export class InProcessHosts {
  readonly #builtins = new BuiltinModules(SANDBOX, CRON);
  readonly #hosts = new Set<InProcessHost>();

  constructor(private readonly clock: FakeClock) {}

  readonly launch: LaunchHost = (listener) => {
    const host = new InProcessHost(listener, this.#builtins, this.clock, () => this.#hosts.delete(host));
    this.#hosts.add(host);
    return host;
  };

  get isQuiet(): boolean {
    return [...this.#hosts].every(({ isQuiet }) => isQuiet);
  }

  /** Resolves when every script waits for time, or for something from outside; `isQuiet` says so of everything else. */
  async quiet(isQuiet: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    // Twice in a row: what is said last may have been on its way at the first look.
    for (let quietLooks = 0; quietLooks < 2; ) {
      quietLooks = this.isQuiet && isQuiet() ? quietLooks + 1 : 0;
      if (performance.now() > deadline) throw new Error('Scripts do not come to rest');
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

class InProcessHost implements HostProcess {
  readonly pid = undefined;
  readonly unreadBytes = 0;
  readonly #host: ScriptHost;
  /** Questions to the gateway that are not answered yet. */
  #open = 0;
  #onTheWay = 0;
  #isGone = false;

  constructor(
    private readonly listener: HostListener,
    builtins: BuiltinModules,
    clock: FakeClock,
    private readonly onGone: () => void,
  ) {
    this.#host = new ScriptHost({
      ivm,
      builtins,
      clock,
      machineClock: systemClock,
      send: (message) => this.#say(message),
    });
    this.#say({ op: 'ready', isolatedVm: 'in process' });
  }

  get isQuiet(): boolean {
    return this.#host.isQuiet && this.#open === 0 && this.#onTheWay === 0;
  }

  post(batch: readonly (ToHost | IpcFrame)[]): void {
    const text = JSON.stringify(batch);
    this.#later(() => {
      const messages: (ToHost | IpcFrame)[] = JSON.parse(text);
      for (const message of messages) {
        if ('op' in message && isAnswer(message)) this.#open -= 1;
        this.#host.take(message);
      }
    });
  }

  kill(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#host.close();
    this.onGone();
    this.listener.ended('ended by the test');
  }

  #say(message: FromHost | IpcFrame): void {
    if ('op' in message && ['call', 'load'].includes(message.op)) this.#open += 1;
    const text = JSON.stringify([message]);
    this.#later(() => this.listener.said(JSON.parse(text)));
  }

  #later(task: () => void): void {
    this.#onTheWay += 1;
    queueMicrotask(() => {
      this.#onTheWay -= 1;
      if (!this.#isGone) task();
    });
  }
}

const isAnswer = (message: ToHost): boolean =>
  message.op === 'module' || message.op === 'no-module' || (message.op === 'reply' && !message.more);
