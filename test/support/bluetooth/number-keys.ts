import { Socket } from 'node:net';
import type { MessageBus } from 'dbus-next';

/** For the signature of a Variant with a list of pairs of a number and a Variant: it is written as a dictionary. */
export const NUMBER_KEYS = 'a(qv)';
const DICTIONARY = 'a{qv}';

/** dbus-next cannot write dictionaries with numbers as keys. To the bus they are lists of pairs under another name, as long as this one. */
export function writeNumberKeys(bus: MessageBus): void {
  const stream: unknown = Reflect.get(Object(Reflect.get(bus, '_connection')), 'stream');
  if (!(stream instanceof Socket)) throw new Error('dbus-next has another stream than expected');
  const write = stream.write.bind(stream);
  Reflect.set(stream, 'write', (data: string | Buffer) => write(Buffer.isBuffer(data) ? renamed(data) : data));
}

function renamed(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  for (let at = copy.indexOf(NUMBER_KEYS); at >= 0; at = copy.indexOf(NUMBER_KEYS, at)) copy.write(DICTIONARY, at);
  return copy;
}
