import type ivm from 'isolated-vm';
import type { Clock, Timer } from '../../clock.js';
import type { FromHost, HostLimits, Source } from '../wire.js';
import { Budget } from './budget.js';
import type { BuiltinModules } from './builtin-modules.js';
import { describeFailure } from './failure.js';
import { AWAITS, Linker } from './linker.js';
import { messagesIn, type Outgoing, readBatch } from './outgoing.js';
import type { TurnWatch, Watched } from './turn-watch.js';

export interface RunOptions {
  readonly id: string;
  readonly name: string;
  readonly clientName: string;
  readonly entry: Source;
  readonly limits: HostLimits;
}

/** What a run needs of the host around it. */
export interface RunEnvironment {
  readonly ivm: typeof ivm;
  readonly builtins: BuiltinModules;
  /** The scripts' time. */
  readonly clock: Clock;
  readonly watch: TurnWatch;
  readonly say: (message: FromHost) => void;
  /** A frame for the gateway. */
  readonly frame: (id: string, text: string) => void;
  readonly load: (id: string, specifier: string, referrer: string) => Promise<Source>;
  /** The run is over; its isolate may still be on its way out. */
  readonly onEnded: () => void;
  /** Its thread is lost for good. */
  readonly onLost: (reason: string) => void;
}

type Ending = Extract<FromHost, { op: 'ended' }>['how'];
type IncomingKind = 'f' | 'r' | 'm' | 'e';

/** The question whether there is anything left to wait for. Asked alone: whatever else came would be something. */
const IS_IDLE = '[["i",""]]';

/** Text that waits for a script that is busy, characters; the largest file it may read fits twice. */
const MAX_WAITING = 8 * 1024 * 1024;
/** What the runtime may say in a second, and at a time: whoever says more leaves the host no time for the others. */
const CHARACTERS_PER_SECOND = 1024 * 1024;
const BATCHES_PER_SECOND = 2000;
/** The runtime keeps to the limit; beyond this, something else speaks in its place. */
const TOLERANCE = 2;
/** What a script may say at its end before it goes, ms. */
const FAREWELL_MS = 100;

/** One run of a script, in an isolate of its own. Its code runs in turns, in another thread; however it ends, it ends once. */
export class ScriptRun implements Watched {
  readonly limits: HostLimits;
  readonly #isolate: ivm.Isolate;
  readonly #messages: Budget;
  readonly #logLines: Budget;
  readonly #characters: Budget;
  readonly #batches: Budget;
  /** The runtime's way in: monotonic ms, wall-clock ms, and what there is to take. */
  #deliver: ivm.Reference | undefined;
  #main: ivm.Module | undefined;
  #isConnected = false;
  #waiting: (readonly [IncomingKind, string])[] = [];
  #waitingSize = 0;
  #reply = '';
  #isDue = false;
  #isAsked = false;
  #isBusy = false;
  #isOver = false;
  #isLost = false;
  #leftOut = 0;
  #wake: Timer | undefined;
  #farewell: Timer | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly env: RunEnvironment,
  ) {
    this.limits = options.limits;
    this.#messages = new Budget(env.clock, options.limits.messagesPerSecond * TOLERANCE);
    this.#logLines = new Budget(env.clock, options.limits.logLinesPerSecond);
    this.#characters = new Budget(env.clock, CHARACTERS_PER_SECOND);
    this.#batches = new Budget(env.clock, BATCHES_PER_SECOND);
    this.#isolate = new env.ivm.Isolate({
      memoryLimit: options.limits.memoryMb,
      onCatastrophicError: () => {
        this.#end('limit', this.#memoryMessage);
        this.lost();
      },
    });
  }

  get cpuMs(): number {
    return this.#isolate.isDisposed ? 0 : Number(this.#isolate.cpuTime) / 1e6;
  }

  /** Nothing is under way in its thread, and nothing waits to be. */
  get isQuiet(): boolean {
    return (
      this.#isOver || !(this.#isBusy || this.#isDue || this.#isAsked || this.#waiting.length > 0 || !this.#deliver)
    );
  }

  async start(): Promise<void> {
    try {
      await this.#prepare();
    } catch (error) {
      this.#fail(error, 'invalid');
    }
  }

  /** Something for the script: handed over as soon as it is not busy. */
  deliver(kind: IncomingKind, text: string): void {
    if (this.#isOver) return;
    this.#waitingSize += text.length;
    if (this.#waitingSize > MAX_WAITING) {
      this.#end('limit', 'It did not take what the gateway had for it: too much waits');
      return;
    }
    this.#waiting.push([kind, text]);
    this.#pump();
  }

  /** A reply of the gateway's, or the next part of one. */
  reply(part: string, more: boolean): void {
    this.#reply += part;
    if (more) return;
    const text = this.#reply;
    this.#reply = '';
    this.deliver('r', text);
  }

  /** The script hears of it, has one turn for it, and is gone. */
  stop(reason: string): void {
    if (this.#isOver || this.#farewell) return;
    this.#farewell = this.env.clock.after(FAREWELL_MS, () => this.#end('stopped', reason));
    this.deliver('e', reason);
  }

  /** At once. */
  end(): void {
    this.#end('stopped');
  }

  overrun(what: 'cpu' | 'wall'): void {
    const { cpuMs, wallMs } = this.limits;
    this.#end(
      'limit',
      what === 'cpu'
        ? `One turn took more than ${cpuMs} ms of CPU time (limits.cpuMs)`
        : `One turn took longer than ${wallMs} ms (limits.wallMs)`,
    );
  }

  lost(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.env.onLost(`${this.options.name} could not be ended`);
  }

  async #prepare(): Promise<void> {
    const { env, options } = this;
    const context = await this.#isolate.createContext();
    const linker = new Linker(this.#isolate, context, env.builtins, (specifier, referrer) =>
      env.load(options.id, specifier, referrer),
    );
    const runtime = await linker.builtin('runtime.js');
    await linker.instantiate(runtime);
    await runtime.evaluate();
    const post = new env.ivm.Callback((batch: unknown) => this.#take(batch), { ignored: true });
    const boot = await runtime.namespace.get('boot', { reference: true });
    const runtimeOptions = JSON.stringify({ name: options.name, messagesPerSecond: options.limits.messagesPerSecond });
    this.#deliver = await boot.apply(undefined, [post, runtimeOptions], { result: { reference: true } });
    const entry = await linker.script(options.entry);
    await linker.instantiate(entry);
    this.#main = await linker.glue(
      `import 'main'; import { mainFinished } from 'runtime'; mainFinished();${AWAITS}`,
      new Map([
        ['main', entry],
        ['runtime', runtime],
      ]),
    );
    const connect = await runtime.namespace.get('connect', { reference: true });
    await connect.apply(undefined, [options.clientName]);
    this.#pump();
  }

  /** Gives the script its next turn, if it has one coming and none under way. */
  #pump(): void {
    const deliver = this.#deliver;
    if (this.#isBusy || this.#isOver || !deliver) return;
    const main = this.#isConnected ? this.#main : undefined;
    if (main) {
      this.#main = undefined;
      void this.#turn(() => this.#runMain(main));
      return;
    }
    const batch = this.#nextBatch();
    if (batch === undefined) {
      if (this.#farewell) this.#end('stopped');
      return;
    }
    const { clock } = this.env;
    void this.#turn(() =>
      deliver.apply(undefined, [clock.now(), clock.date().getTime(), batch], { timeout: this.limits.wallMs }),
    );
  }

  /** What there is for the script to take; nothing but the time, where a timer is due. */
  #nextBatch(): string | undefined {
    const [waiting, isDue, isAsked] = [this.#waiting, this.#isDue, this.#isAsked];
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#isDue = false;
    this.#isAsked = false;
    if (waiting.length > 0) return JSON.stringify(waiting);
    if (isDue) return '';
    return isAsked ? IS_IDLE : undefined;
  }

  async #runMain(main: ivm.Module): Promise<void> {
    await main.evaluate({ timeout: this.limits.wallMs });
    if (this.#isOver) return;
    this.env.say({ op: 'running', id: this.options.id });
    this.#isAsked = true;
  }

  async #turn(run: () => Promise<unknown>): Promise<void> {
    this.#isBusy = true;
    this.env.watch.begin(this);
    try {
      await run();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isBusy = false;
      this.env.watch.finish(this);
    }
    this.#pump();
  }

  #take(batch: unknown): void {
    if (this.#isOver) return;
    if (typeof batch !== 'string' || !this.#characters.spend(batch.length)) {
      this.#end('limit', `It said more than ${CHARACTERS_PER_SECOND} characters in a second`);
      return;
    }
    if (!this.#batches.spend()) {
      this.#end('limit', `It said something more than ${BATCHES_PER_SECOND} times in a second`);
      return;
    }
    try {
      for (const message of readBatch(batch)) this.#carryOut(message);
    } catch (error) {
      this.#fail(error);
    }
  }

  #carryOut(message: Outgoing): void {
    if (this.#isOver) return;
    switch (message.kind) {
      case 'handshake':
        this.#isConnected = true;
        this.#pump();
        return;
      case 'frame':
        if (this.#maySpeak(messagesIn(message.text))) this.env.frame(this.options.id, message.text);
        return;
      case 'call':
        if (this.#maySpeak()) this.#call(message);
        return;
      case 'log':
        this.#log(message);
        return;
      case 'wake':
        this.#wake?.cancel();
        this.#wake = this.env.clock.after(message.delayMs, () => {
          this.#isDue = true;
          this.#pump();
        });
        return;
      case 'idle':
        this.#isAsked = true;
        this.#pump();
        return;
      case 'exit':
        if (message.problem === '') this.#end('finished');
        else this.#end('failed', message.problem);
        return;
    }
  }

  #call({ text, data }: Extract<Outgoing, { kind: 'call' }>): void {
    this.env.say({ op: 'call', id: this.options.id, text, ...(data !== undefined && { data }) });
  }

  #maySpeak(messages = 1): boolean {
    if (this.#messages.spend(messages)) return true;
    this.#end(
      'limit',
      `It sent more than ${this.limits.messagesPerSecond} messages in a second (limits.messagesPerSecond)`,
    );
    return false;
  }

  #log({ level, text }: Extract<Outgoing, { kind: 'log' }>): void {
    const { id } = this.options;
    if (!this.#logLines.spend()) {
      this.#leftOut += 1;
      return;
    }
    if (this.#leftOut > 0) {
      const leftOut = this.#leftOut;
      this.#leftOut = 0;
      this.env.say({
        op: 'log',
        id,
        level: 'warn',
        text: `(${leftOut} lines left out: more than limits.logLinesPerSecond)`,
      });
    }
    this.env.say({ op: 'log', id, level, text: text.slice(0, 4000) });
  }

  #fail(error: unknown, how: Ending = 'failed'): void {
    if (this.#isOver) return;
    const { message, stack } = describeFailure(error);
    // Nobody but isolated-vm disposes of an isolate whose run is not over, and only for the memory it takes.
    if (this.#isolate.isDisposed) this.#end('limit', this.#memoryMessage);
    else if (message.startsWith('Script execution timed out')) this.overrun('wall');
    else this.#end(how, message, stack);
  }

  get #memoryMessage(): string {
    return `It took more than ${this.limits.memoryMb} MB of memory (limits.memoryMb)`;
  }

  #end(how: Ending, message?: string, stack?: readonly string[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wake?.cancel();
    this.#farewell?.cancel();
    this.#waiting = [];
    if (this.#leftOut > 0) {
      this.env.say({ op: 'log', id: this.options.id, level: 'warn', text: `(${this.#leftOut} lines left out)` });
    }
    this.env.say({
      op: 'ended',
      id: this.options.id,
      how,
      ...(message !== undefined && { message }),
      ...(stack !== undefined && { stack: [...stack] }),
    });
    this.env.onEnded();
    // Also ends a turn that is under way; it comes back with an error that nobody looks at any more.
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}
