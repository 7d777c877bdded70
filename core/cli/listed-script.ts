import Type, { type Static } from 'typebox';
import type { Answer } from './running-gateway.js';

/** What is shown of a script, as `GET /api/scripts` tells it. */
export const ListedScript = Type.Object({
  name: Type.String(),
  file: Type.String(),
  description: Type.String(),
  isExample: Type.Boolean(),
  state: Type.String(),
  lastError: Type.Optional(Type.Object({ message: Type.String(), stack: Type.Array(Type.String()) })),
});
export type ListedScript = Static<typeof ListedScript>;

/** What went wrong in a script, and the places in its files, innermost first. */
export interface Problem {
  readonly message: string;
  readonly stack: readonly string[];
}

/** Whether what went wrong last is what matters now. */
export const hasFailed = (state: string) => state === 'invalid' || state === 'waiting' || state === 'failed';

/** `edge-timer.js:12:5: no such device` */
export function problemLine({ message, stack }: Problem): string {
  const [first = '', ...more] = message.split('\n');
  const line = [...stack.slice(0, 1), first].join(': ');
  return more.length > 0 ? `${line} (and ${more.length} more)` : line;
}

/** What to do about an answer that does not fit the question. */
export function unexpected({ status }: Answer, address: string): string {
  return status === 401
    ? `The gateway on ${address} asks for a token that this configuration does not have; name the configuration it was started with: --config FILE`
    : `Something else than a gateway with scripts answers on ${address}; set http.port to the port of the gateway`;
}
