import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { ClientLogLevel } from '../protocol/messages.js';
import type { LogFeed } from './log-feed.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Logs are a message and fields; `child` adds the scope (plugin, device, session). */
export type Logger = PinoLogger;

/** Where log lines go. */
export interface LogOutput extends DestinationStream {
  /** A terminal: people read it. */
  readonly isTTY?: boolean;
}

/** Standard output as a place for the log. */
export interface StandardOutput extends LogOutput {
  /** Resolves when every line is out, or nobody takes them. A process that exits earlier loses or shuffles its last lines. */
  flushed(): Promise<void>;
}

/** Bytes that wait while the terminal takes nothing; lines beyond that are left out. */
const MAX_UNWRITTEN = 1024 * 1024;
/** How long the last lines may take, ms. */
const FLUSH_MS = 500;

/**
 * Standard output, written from another thread: a halted terminal (Ctrl-S, a hung remote shell) must not halt the gateway, which
 * has devices to stop.
 */
export function standardOutput(): StandardOutput {
  // With a minimum of 0 bytes, pino takes flushing for done while a write is still under way.
  const output = pino.destination({ dest: process.stdout.fd, sync: false, minLength: 1, maxLength: MAX_UNWRITTEN });
  // Otherwise pino tries to write the rest while the process exits: for ever, when the terminal has been closed or halted.
  process.prependOnceListener('exit', () => output.destroy());
  return {
    isTTY: process.stdout.isTTY,
    write: (line) => output.write(line),
    flushed: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, FLUSH_MS);
        output.flush(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `auto`: for people on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'pretty' | 'json';
  readonly feed: LogFeed;
  /** Default: standard output. */
  readonly output?: LogOutput;
}

const CLIENT_LEVELS: ReadonlyMap<number, ClientLogLevel> = new Map([
  [10, 'Trace'],
  [20, 'Debug'],
  [30, 'Info'],
  [40, 'Warn'],
  [50, 'Error'],
  [60, 'Fatal'],
]);

export function createLogger({ level, format, feed, output = process.stdout }: LoggerOptions): Logger {
  const forPeople = format === 'pretty' || (format === 'auto' && output.isTTY === true);
  const destination = forPeople ? forReading(output) : output;
  return pino(
    {
      level,
      base: null,
      hooks: {
        logMethod(args, method, levelNumber) {
          const text = args.find((argument) => typeof argument === 'string');
          const clientLevel = CLIENT_LEVELS.get(levelNumber);
          if (text !== undefined && clientLevel) feed.publish({ level: clientLevel, text });
          method.apply(this, args);
        },
      },
    },
    destination,
  );
}

/** Turns each line into one for people, at once: nothing waits in between when the process ends. */
function forReading(output: LogOutput): DestinationStream {
  const toText = prettyFactory({
    colorize: output.isTTY === true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });
  return { write: (line) => output.write(toText(line)) };
}
