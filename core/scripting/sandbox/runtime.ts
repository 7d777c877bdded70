import { allow } from './allowance.js';
import { isCalling, takeReply } from './calls.js';
import { Client } from './client.js';
import { installDate } from './date.js';
import { Devices } from './devices.js';
import { isDriving } from './feature.js';
import { createGlobals } from './globals.js';
import { removeHazards } from './hazards.js';
import { isListening, Listeners } from './listeners.js';
import { takeMqtt } from './outside.js';
import { emit, openPort } from './port.js';
import { isWaiting, runDue, setTime } from './time.js';

/** What runs first in every sandbox: makes what scripts see, and takes what the host brings. */

/** As the host writes it. */
interface Options {
  readonly name: string;
  readonly messagesPerSecond: number;
}

/**
 * What the host brings, as [kind, text]: `f` a frame, `r` a reply to a call, `m` a message of the broker, `e` the session ends,
 * `i` the question whether there is anything left to wait for.
 */
type Incoming = readonly [kind: 'f' | 'r' | 'm' | 'e' | 'i', text: string];

let client: Client;
let isMainFinished = false;
const ending = new Listeners<[reason: string]>();
const scanEnds = new Set<() => void>();

/** Called by the host with its function that takes text out. Returns the function that brings text in. */
export function boot(post: (batch: string) => void, optionsText: string) {
  const options: Options = JSON.parse(optionsText);
  openPort(post);
  const devices = new Devices(() => client);
  allow(options.messagesPerSecond);
  client = new Client({
    deviceList: (list) => devices.update(list),
    inputReading: (reading) => devices.take(reading),
    scanningFinished() {
      for (const ended of [...scanEnds]) ended();
    },
  });
  removeHazards();
  installDate(globalThis);
  install(createGlobals({ name: options.name, client, devices, scanEnds, ending }));
  return deliver;
}

/** The script's own code runs after this: its devices are known by then. */
export function connect(name: string): void {
  void client.connect(name).then(() => emit(['h']));
}

/** The script's main module has run to its end. */
export function mainFinished(): void {
  isMainFinished = true;
}

/** One turn: time moves on, what came in is taken, what is due runs. */
function deliver(monotonicMs: number, wallMs: number, batch: string): void {
  setTime(monotonicMs, wallMs);
  if (batch !== '') {
    const messages: readonly Incoming[] = JSON.parse(batch);
    for (const [kind, text] of messages) take(kind, text);
  }
  runDue();
  // Code that goes on at once after this may still find something to do, so the host asks again when all of it has run.
  if (isIdle()) emit(['i']);
}

function take(kind: Incoming[0], text: string): void {
  switch (kind) {
    case 'f':
      client.receive(text);
      return;
    case 'r':
      takeReply(text);
      return;
    case 'm':
      takeMqtt(text);
      return;
    case 'e':
      ending.tell(text);
      return;
    case 'i':
      if (isIdle()) {
        emit(['x', isMainFinished ? '' : 'It waits at its top level for something that cannot happen any more']);
      }
      return;
  }
}

/** A script with nothing left to wait for, and nothing to be in charge of, has done what it wanted. */
function isIdle(): boolean {
  return !(isWaiting() || isListening() || isCalling() || client.isWaiting || isDriving());
}

function install(globals: object): void {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
