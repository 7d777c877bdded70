import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { ClientLogLevel } from '../protocol/messages.js';
import type { LogFeed } from './log-feed.js';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Logs are a message and fields; `child` adds the scope (plugin, device, session). */
export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `auto`: for people on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'pretty' | 'json';
  readonly feed: LogFeed;
  /** Default: standard output. */
  readonly output?: DestinationStream & { readonly isTTY?: boolean };
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
