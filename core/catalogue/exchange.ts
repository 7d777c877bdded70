import { withDeadline } from '../clock.js';
import { LinkError } from '../errors.js';
import type { Endpoint } from '../hardware/contract.js';
import type { ProtocolContext } from './definition.js';

/** Waiting for a device's answer, as identification and reads need it. */

export interface Question {
  /** Sent before each wait. Absent: only listen. */
  readonly send?: { readonly endpoint: Endpoint; readonly data: Uint8Array; readonly withResponse?: boolean };
  /** Endpoint the answer comes from; must be subscribed. */
  readonly answerOn: Endpoint;
  /** How long one attempt waits, ms. */
  readonly waitMs: number;
  /** Default 1. */
  readonly attempts?: number;
}

/**
 * Resolves with what `accept` makes of the first notification it does not answer with undefined; with undefined when every
 * attempt stays silent. Rejects with a LinkError when the device goes away meanwhile.
 */
export async function ask<T>(
  context: ProtocolContext,
  question: Question,
  accept: (data: Uint8Array) => T | undefined,
): Promise<T | undefined> {
  const { link, clock, signal } = context;
  const answer = Promise.withResolvers<T>();
  answer.promise.catch(() => {});
  const notified = link.on('notification', (endpoint, data) => {
    if (endpoint !== question.answerOn) return;
    const accepted = accept(data);
    if (accepted !== undefined) answer.resolve(accepted);
  });
  const lost = link.on('disconnected', (reason) => {
    answer.reject(new LinkError(`${link.name} went away while it was being asked: ${reason}`));
  });

  try {
    for (let attempt = 0; attempt < (question.attempts ?? 1); attempt += 1) {
      const send = question.send;
      if (send) await link.write(send.endpoint, send.data, { withResponse: send.withResponse ?? false });
      const waiting = new AbortController();
      const silence = clock.sleep(question.waitMs, AbortSignal.any([signal, waiting.signal]));
      try {
        const winner = await Promise.race([answer.promise.then((value) => ({ value })), silence]);
        if (winner) return winner.value;
      } finally {
        waiting.abort();
        silence.catch(() => {});
      }
    }
    return undefined;
  } finally {
    notified[Symbol.dispose]();
    lost[Symbol.dispose]();
  }
}

/** What can be read from the endpoint. Rejects with a LinkError when that takes longer than `limitMs`. */
export function readWithin({ link, clock }: ProtocolContext, endpoint: Endpoint, limitMs: number): Promise<Uint8Array> {
  const late = () => new LinkError(`${link.name} did not let ${endpoint} be read within ${limitMs} ms`);
  return withDeadline(clock, limitMs, link.read(endpoint), late);
}
