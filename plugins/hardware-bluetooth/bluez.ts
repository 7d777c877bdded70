import { EventEmitter } from 'node:events';
import type { Noble, NoblePeripheral } from '@abandonware/noble';
import { describeError, LinkError, type Logger } from 'pulsegate/plugin';
import { WANTS_BLUEZ } from './binding.js';
import { field } from './field.js';

const BLUEZ = 'org.bluez';
const ADAPTER = 'org.bluez.Adapter1';
const DEVICE = 'org.bluez.Device1';

/** Everything that BlueZ tells, and whether it is there. */
const RULES = [
  `type='signal',sender='${BLUEZ}'`,
  `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${BLUEZ}'`,
];

/**
 * What noble's binding to BlueZ does not look after. It tells nobody that the bus, BlueZ or the adapter is gone, or what was refused; errors of the bus that
 * nobody listens to end the process, and so does an answer for a device it has dropped meanwhile.
 *
 * @param onLost may be called more than once
 */
export function watchBluez(noble: Noble, log: Logger, onLost: (reason: string) => void): void {
  const { _bindings: bindings } = noble;
  const bus = field(bindings, '_bus');
  if (!(bus instanceof EventEmitter) || !(bindings instanceof EventEmitter)) return;
  bus.on('error', (error: unknown) => onLost(`D-Bus: ${describeError(error)}`));
  const connection = field(bus, '_connection');
  if (connection instanceof EventEmitter) connection.on('end', () => onLost('D-Bus has ended'));
  bus.on('message', (message: unknown) => {
    const reason = whyLost(message, field(bindings, '_adapterPath'));
    if (reason !== undefined) onLost(reason);
  });
  listenOnce(bus);
  askOnce(bus);
  bindings.on('warning', (message: unknown) => noble.emit('warning', message));
  const emit = bindings.emit.bind(bindings);
  bindings.emit = (event: string | symbol, ...values: unknown[]) => {
    try {
      return emit(event, ...values);
    } catch (error) {
      log.debug({ err: error, event: String(event) }, 'noble makes nothing of what BlueZ tells');
      return false;
    }
  };
}

/**
 * The library below noble asks the bus for the signals of every object anew each time, and never takes that back; after some hundred times
 * the bus refuses. So it asks for all of them at once, here.
 */
function listenOnce(bus: EventEmitter): void {
  const ask = field(bus, '_addMatch');
  if (typeof ask !== 'function') return;
  for (const rule of RULES) {
    const answer: unknown = Reflect.apply(ask, bus, [rule]);
    Promise.resolve(answer).catch((error: unknown) => bus.emit('error', error));
  }
  Reflect.set(bus, '_addMatch', () => Promise.resolve());
}

/** Noble asks before every packet what the object can do that takes it; that is more work for both than the packet. */
function askOnce(bus: EventEmitter): void {
  const ask = field(bus, 'getProxyObject');
  if (typeof ask !== 'function') return;
  const known = new Map<unknown, Promise<unknown>>();
  Reflect.set(bus, 'getProxyObject', (name: string, path: string) => {
    const asked: unknown = known.get(path) ?? Reflect.apply(ask, bus, [name, path]);
    const answer = Promise.resolve(asked);
    known.set(path, answer);
    answer.catch(() => known.delete(path));
    return answer;
  });
  bus.on('message', (message: unknown) => {
    const member = field(message, 'member');
    const isChanged = member === 'InterfacesAdded' || member === 'InterfacesRemoved';
    if (isChanged) known.delete(field(field(message, 'body'), '0'));
  });
}

function whyLost(message: unknown, adapterPath: unknown): string | undefined {
  const [first, second, third] = [0, 1, 2].map((at) => field(field(message, 'body'), `${at}`));
  switch (field(message, 'member')) {
    case 'NameOwnerChanged':
      // An empty name is no owner: it has come just now, or nobody has it.
      return first === BLUEZ && second !== '' ? `BlueZ has ${third === '' ? 'ended' : 'started anew'}` : undefined;
    case 'InterfacesRemoved':
      if (first !== adapterPath || !Array.isArray(second) || !second.includes(ADAPTER)) return undefined;
      return 'BlueZ has the adapter no more';
    default:
      return undefined;
  }
}

/** Throws a LinkError when noble took another adapter for want of this one. */
export function assertAdapter({ _bindings: bindings }: Noble, options: object): void {
  const [wanted, path] = [field(options, 'adapterId'), field(bindings, '_adapterPath')];
  if (typeof wanted !== 'string' || typeof path !== 'string' || path.endsWith(`/${wanted}`)) return;
  throw new LinkError(`there is no ${wanted}, but ${path.split('/').at(-1)}; see plugins.hardware-bluetooth.adapter`);
}

/**
 * BlueZ lists devices that are long gone. Those in reach have a signal strength; those that somebody left connected have none, and are
 * there all the same.
 */
export function isInReach({ _bindings: bindings }: Noble, { id, state }: NoblePeripheral): boolean {
  const path = mapped(field(bindings, '_devices'), id, 'path');
  const device = mapped(field(bindings, '_objects'), path, DEVICE);
  if (typeof field(device, 'RSSI') === 'number') return true;
  return field(device, 'Connected') === true && (state === 'disconnected' || state === 'error');
}

/** @param warnings what noble said; without a remedy it is the reason itself */
export function remedyOfBluez(warnings: readonly string[]): string | undefined {
  const said = warnings.join('; ');
  if (/No BlueZ adapter found/.test(said))
    return 'BlueZ knows of no adapter; plug one in (`bluetoothctl list` shows them)';
  if (/rejected|denied|not allowed/i.test(said)) {
    return `not allowed to speak to BlueZ: add the user to the group that may (\`sudo usermod -aG bluetooth $USER\`, then log in anew)`;
  }
  if (/org\.bluez/.test(said)) return `BlueZ does not run: ${WANTS_BLUEZ}`;
  return undefined;
}

function mapped(map: unknown, key: unknown, name: string): unknown {
  return map instanceof Map ? field(map.get(key), name) : undefined;
}
