import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';
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

/** Bytes that wait while the terminal takes nothing; lines beyond that are left out. */
const MAX_UNWRITTEN = 1024 * 1024;

/**
 * Standard output, written from another thread: a halted terminal (Ctrl-S, a hung remote shell) must not halt the gateway, which
 * has devices to stop. What waits when the process exits is still written.
 */
export function standardOutput(): LogOutput {
  const output = pino.destination({ dest: process.stdout.fd, sync: false, maxLength: MAX_UNWRITTEN });
  return Object.assign(output, { isTTY: process.stdout.isTTY });
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
  const destination = forPeople
    ? pretty({
        destination: output,
        colorize: output.isTTY === true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss',
        singleLine: true,
      })
    : output;
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
