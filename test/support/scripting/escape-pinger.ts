import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import type { PingReport } from './escape-pings.js';

/**
 * The thread of `Pings`: an app on the network that does nothing but ping, and notes how long it waits for the replies. In a thread of
 * its own, because what keeps the gateway from answering would keep a client beside it from asking.
 */

const EVERY_MS = 10;
const HANDSHAKE = 1;

const sent = new Map<number, number>();
let nextId = HANDSHAKE + 1;
let replies = 0;
let slowestMs = 0;
let pauseMs = 0;

const webSocket = new WebSocket(String(workerData));
const say = (name: string, fields: object) => webSocket.send(JSON.stringify([{ [name]: fields }]));

webSocket.on('open', () => {
  const version = { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 };
  say('RequestServerInfo', { Id: HANDSHAKE, ClientName: 'pings', ...version });
});
webSocket.on('message', (data) => {
  for (const message of JSON.parse(String(data))) take(message);
});
// Whoever asks next learns of it: nothing is answered any more.
webSocket.on('error', () => {});

function take(message: Readonly<Record<string, { readonly Id: number }>>): void {
  if (message.ServerInfo) {
    ping(performance.now());
    parentPort?.postMessage(undefined);
  }
  const sentAt = sent.get(message.Ok?.Id ?? 0);
  if (sentAt === undefined) return;
  sent.delete(message.Ok?.Id ?? 0);
  replies += 1;
  slowestMs = Math.max(slowestMs, performance.now() - sentAt);
}

function ping(due: number): void {
  const now = performance.now();
  pauseMs = Math.max(pauseMs, now - due);
  sent.set(nextId, now);
  say('Ping', { Id: nextId });
  nextId += 1;
  setTimeout(() => ping(now + EVERY_MS), EVERY_MS);
}

/** What has not been answered yet counts as well. */
function report(): PingReport {
  const now = performance.now();
  const waiting = [...sent.values()].map((sentAt) => now - sentAt);
  return { replies, slowestMs: Math.max(slowestMs, ...waiting), pauseMs };
}

parentPort?.on('message', () => {
  parentPort?.postMessage(report());
  replies = 0;
  slowestMs = 0;
  pauseMs = 0;
});
