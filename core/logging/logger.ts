import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Logs are a message and fields; `child` adds the scope (plugin, device, session). */
export type Logger = PinoLogger;
