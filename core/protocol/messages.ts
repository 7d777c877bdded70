import type { InputAddress, OutputCommand, StopScope } from './model.js';

/** Log levels a v0/v1 client may ask for, least to most. */
export const CLIENT_LOG_LEVELS = ['Off', 'Fatal', 'Error', 'Warn', 'Info', 'Debug', 'Trace'] as const;
export type ClientLogLevel = (typeof CLIENT_LOG_LEVELS)[number];

/** One client message in the terms of the v4 model, whatever version it was written in. */
export type ClientMessage =
  | { readonly kind: 'handshake' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'start-scanning' }
  | { readonly kind: 'stop-scanning' }
  | { readonly kind: 'request-device-list' }
  /** Sorted by feature; all belong to one device. Empty: nothing to do, and that is fine. */
  | { readonly kind: 'outputs'; readonly commands: readonly OutputCommand[] }
  | { readonly kind: 'stop'; readonly scope: StopScope }
  /** `reply` writes the answer in the form of the message that asked. */
  | { readonly kind: 'read'; readonly input: InputAddress; readonly reply: (id: number, value: number) => string }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly input: InputAddress }
  | { readonly kind: 'raw'; readonly deviceIndex: number; readonly endpoint: string; readonly action: RawAction }
  | { readonly kind: 'test'; readonly text: string }
  | { readonly kind: 'request-log'; readonly level: ClientLogLevel };

export type RawAction =
  | { readonly kind: 'write'; readonly data: Uint8Array; readonly withResponse: boolean }
  | { readonly kind: 'read' }
  | { readonly kind: 'subscribe' }
  | { readonly kind: 'unsubscribe' };

/** One message in a frame of its own: some clients stop reading a frame after a list in it (facts: messages, §1). */
export const frame = (name: string, body: object): string => `[{"${name}":${JSON.stringify(body)}}]`;

/** The most frequent answer, without a serialiser. */
export const okFrame = (id: number): string => `[{"Ok":{"Id":${id}}}]`;

export const errorFrame = (id: number, code: number, text: string): string =>
  frame('Error', { Id: id, ErrorMessage: text, ErrorCode: code });
