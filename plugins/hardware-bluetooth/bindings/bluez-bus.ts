import { EventEmitter } from 'node:events';
import { describeError, LinkError, type Logger } from 'pulsegate/plugin';
import { WANTS_BLUEZ, WANTS_ENTRANCE } from '../remedies.js';
import { field } from './field.js';
import type { BindingTools } from './open-binding.js';

const BLUEZ = 'org.bluez';
const ADAPTER = 'org.bluez.Adapter1';
const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';
/** By number of the first message on a bus, and of an answer that is an error. */
const GREETING = '1';
const IS_ERROR = 3;

/** Everything that BlueZ tells, and whether it is there. */
const RULES = [
  `type='signal',sender='${BLUEZ}'`,
  `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${BLUEZ}'`,
];

/**
 * What noble's binding to BlueZ does not look after. It tells nobody that the bus, BlueZ or the adapter is gone, or what was refused;
 * errors of the bus that nobody listens to end the process, and so does an answer for a device it has dropped meanwhile.
 *
 * @param onCharacteristic gets what has changed at the path of a characteristic
 */
export function watchBus(
  bindings: EventEmitter,
  { noble, log, onLost }: BindingTools,
  onCharacteristic: (path: string, changes: unknown) => void,
): void {
  const bus = field(bindings, '_bus');
  if (!(bus instanceof EventEmitter)) return;
  const onError = (error: unknown) => {
    log.debug({ err: error }, 'D-Bus fails');
    if (isLetIn(bus) || isNobodyThere(error)) onLost(`D-Bus: ${describeError(error)}`, WANTS_BLUEZ);
    else onLost(`D-Bus does not let this program in${inItsWords(error)}`, WANTS_ENTRANCE);
  };
  bus.on('error', onError);
  const connection = field(bus, '_connection');
  if (connection instanceof EventEmitter) {
    connection.on('end', () => onLost('D-Bus has ended', WANTS_BLUEZ));
    const stream = field(connection, 'stream');
    if (stream instanceof EventEmitter) contain(stream, onError);
  }
  greet(bus);
  bus.on('message', (message: unknown) => {
    const reason = whyLost(message, field(bindings, '_adapterPath'));
    if (reason !== undefined) onLost(reason, WANTS_BLUEZ);
    const [name, changes] = bodyOf(message);
    const path = field(message, 'path');
    const isChange = field(message, 'member') === 'PropertiesChanged' && name === CHARACTERISTIC;
    if (isChange && typeof path === 'string') onCharacteristic(path, changes);
  });
  listenOnce(bus);
  askOnce(bus);
  bindings.on('warning', (message: unknown) => noble.emit('warning', message));
  contain(bindings, (error, event) => ignored(log, error, event));
}

/** Asks BlueZ something. Resolves with the first of what it answers; undefined: noble does not let us ask. */
export async function ask(
  bindings: unknown,
  path: string,
  interfaceName: string,
  member: string,
  signature: string,
  body: readonly unknown[],
): Promise<unknown> {
  const bus = field(bindings, '_bus');
  const [call, Message] = [field(bus, 'call'), field(field(bindings, '_dbus'), 'Message')];
  if (typeof call !== 'function' || typeof Message !== 'function') return undefined;
  const message: unknown = Reflect.construct(Message, [
    { destination: BLUEZ, path, interface: interfaceName, member, signature, body },
  ]);
  const reply: unknown = await Reflect.apply(call, bus, [message]);
  return bodyOf(reply)[0];
}

/** What listeners throw ends here, and not the process. */
function contain(emitter: EventEmitter, onError: (error: unknown, event: string) => void): void {
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (event: string | symbol, ...values: unknown[]) => {
    try {
      return emit(event, ...values);
    } catch (error) {
      onError(error, String(event));
      return false;
    }
  };
}

function ignored(log: Logger, error: unknown, event: string): void {
  log.debug({ err: error, event }, 'noble makes nothing of what BlueZ tells');
}

/** The library below noble rejects a promise that nobody has when the bus does not answer its greeting as it should. */
function greet(bus: EventEmitter): void {
  const waiting = field(bus, '_methodReturnHandlers');
  const answered = field(waiting, GREETING);
  if (typeof answered !== 'function') return;
  Reflect.set(Object(waiting), GREETING, (reply: unknown) => {
    if (field(reply, 'type') === IS_ERROR) bus.emit('error', new LinkError(`${bodyOf(reply)[0] ?? ''}`));
    else Reflect.apply(answered, undefined, [reply]);
  });
}

/** The bus has given this program a name. */
const isLetIn = (bus: EventEmitter): boolean => typeof field(bus, 'name') === 'string';
/** What the library makes of a greeting that fails in another way helps nobody. */
const inItsWords = (error: unknown): string =>
  error instanceof LinkError && error.message !== '' ? ` (${error.message})` : '';
const isNobodyThere = (error: unknown): boolean => field(error, 'syscall') === 'connect';

/**
 * The library below noble asks the bus for the signals of every object anew each time, and never takes that back; after some hundred times
 * the bus refuses. So it asks for all of them at once, here.
 */
function listenOnce(bus: EventEmitter): void {
  const listen = field(bus, '_addMatch');
  if (typeof listen !== 'function') return;
  for (const rule of RULES) {
    const answer: unknown = Reflect.apply(listen, bus, [rule]);
    Promise.resolve(answer).catch((error: unknown) => bus.emit('error', error));
  }
  Reflect.set(bus, '_addMatch', () => Promise.resolve());
}

/** Noble asks before every packet what the object can do that takes it; that is more work for both than the packet. */
function askOnce(bus: EventEmitter): void {
  const getProxy = field(bus, 'getProxyObject');
  if (typeof getProxy !== 'function') return;
  const known = new Map<unknown, Promise<unknown>>();
  Reflect.set(bus, 'getProxyObject', (name: string, path: string) => {
    const asked: unknown = known.get(path) ?? Reflect.apply(getProxy, bus, [name, path]);
    const answer = Promise.resolve(asked);
    known.set(path, answer);
    answer.catch(() => known.delete(path));
    return answer;
  });
  bus.on('message', (message: unknown) => {
    const member = field(message, 'member');
    const isChanged = member === 'InterfacesAdded' || member === 'InterfacesRemoved';
    if (isChanged) known.delete(bodyOf(message)[0]);
  });
}

function whyLost(message: unknown, adapterPath: unknown): string | undefined {
  const [first, second, third] = bodyOf(message);
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

function bodyOf(message: unknown): readonly unknown[] {
  const body = field(message, 'body');
  return Array.isArray(body) ? body : [];
}
