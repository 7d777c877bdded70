import { Worker } from 'node:worker_threads';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock, Timer } from '../../clock.js';
import { ScriptError } from '../../errors.js';

const LIMIT_MS = 5_000;
const IDLE_MS = 30_000;
const MAX_SENTENCE = 500;
const RESOURCES = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/**
 * What the worker runs. As text, because there is no one file to name: the compiled gateway has JavaScript beside this module,
 * tests and tools have TypeScript. Node's warning that the function is experimental would reach the user's terminal; nothing
 * else of the worker warns. Only mistakes in the text are answered. Anything else means that the parser itself is broken from
 * here on, and ends the worker.
 */
const WORKER = `
const { parentPort } = require('node:worker_threads');
const { stripTypeScriptTypes } = require('node:module');
process.removeAllListeners('warning');
parentPort.on('message', (text) => {
  let answer;
  try {
    answer = { text: stripTypeScriptTypes(text, { mode: 'strip' }) };
  } catch (error) {
    if (!/_TYPESCRIPT_SYNTAX$/.test(error.code)) throw error;
    answer = { problem: error.message, place: error.stack };
  }
  parentPort.postMessage(answer);
});
`;

const Answer = Type.Union([
  Type.Object({ text: Type.String() }),
  Type.Object({ problem: Type.String(), place: Type.String() }),
]);
type Answer = Static<typeof Answer>;
const answers = Compile(Answer);

/**
 * Turns TypeScript into JavaScript by blanking out the types, so that every position stays what it was. In a thread of its own:
 * there are texts that keep a parser busy for ever, or crash it, and the gateway must not notice.
 */
export class TypeStripper {
  #worker: Worker | undefined;
  #idle: Timer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(private readonly clock: Clock) {}

  /**
   * One text at a time, so that a worker that has to be ended takes no other text with it.
   *
   * @param label the file, for messages
   * @throws ScriptError when this is not TypeScript, or not the kind that only has to lose its types
   */
  strip(text: string, label: string): Promise<string> {
    const result = this.#last.then(() => this.#strip(text, label));
    this.#last = result.catch(() => {});
    return result;
  }

  /** Ends the thread; what is under way is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #strip(text: string, label: string): Promise<string> {
    if (this.#closed) throw new ScriptError(`${label} was not read: the gateway is ending`);
    this.#idle?.cancel();
    this.#worker ??= this.#start();
    const answer = await this.#ask(this.#worker, text);
    if (typeof answer === 'string') {
      await this.#end();
      throw new ScriptError(`${label} cannot be read as TypeScript: ${answer}`);
    }
    this.#idle = this.clock.after(IDLE_MS, () => void this.#end());
    if ('text' in answer) return answer.text;
    throw new ScriptError(`${label}${position(text, answer.place)}: ${sentence(answer.problem)}`);
  }

  /** The answer, or why there is none. */
  #ask(worker: Worker, text: string): Promise<Answer | string> {
    const { promise, resolve } = Promise.withResolvers<Answer | string>();
    const timer = this.clock.after(LIMIT_MS, () => resolve(`it took longer than ${LIMIT_MS / 1000} seconds`));
    const answered = (answer: unknown) => resolve(answers.Check(answer) ? answer : 'it confuses the parser');
    const ended = () =>
      resolve(this.#closed ? 'the gateway is ending' : 'it is nested too deep, or crashes the parser');
    worker.once('message', answered).once('error', ended).once('exit', ended);
    worker.postMessage(text);
    return promise.finally(() => {
      timer.cancel();
      worker.off('message', answered).off('error', ended).off('exit', ended);
    });
  }

  #start(): Worker {
    const worker = new Worker(WORKER, {
      eval: true,
      // It needs nothing of the gateway's: no secrets from the environment, no options that load further code.
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: RESOURCES,
    });
    worker.unref();
    // Whoever waits for an answer listens too; without a listener at all the gateway would end.
    worker.on('error', () => {});
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }

  async #end(): Promise<void> {
    this.#idle?.cancel();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** `:3:14`. The parser gives the line, and shows the column by carets below the text; it writes a tab as blanks up to the next fourth. */
function position(text: string, place: string): string {
  const line = /^:(\d+)\n/.exec(place)?.[1];
  if (line === undefined) return '';
  const shown = /^( *)\^+$/m.exec(place)?.[1]?.length;
  const written = text.split('\n')[Number(line) - 1] ?? '';
  // Of other characters it is not known how wide they are shown.
  if (shown === undefined || !/^[\t\u0020-\u007e\u00a0-\u02ff\r]*$/.test(written)) return `:${line}`;
  let width = 0;
  let column = 1;
  for (; width < shown; column++) width += written[column - 1] === '\t' ? 4 - (width % 4) : 1;
  return `:${line}:${column}`;
}

/** "Strip-only" is a word for people who know how this is done. */
const sentence = (problem: string) =>
  problem
    .slice(0, MAX_SENTENCE)
    .replace(
      / is not supported in (strip-only|type strip) mode/,
      ' is not supported: only TypeScript that becomes JavaScript when its types are left out is',
    );
