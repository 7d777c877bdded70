import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';

/** What goes wrong while a program greets a bus. */
export type Illness =
  | 'hangs up at once'
  | 'hangs up when asked who comes'
  | 'hangs up when it has let in'
  | 'knows nobody'
  | 'offers nothing'
  | 'refuses the greeting'
  | 'speaks something else'
  | 'says nothing';

/** As a bus that has no room for another connection says it. */
const REFUSAL = {
  name: 'org.freedesktop.DBus.Error.LimitsExceeded',
  text: 'The maximum number of active connections for UID 1000 has been reached',
};

/** A D-Bus that nobody gets onto. */
export class BrokenBus implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  /** How often somebody tried. */
  visits = 0;

  private constructor(
    private readonly path: string,
    private readonly illness: Illness,
  ) {
    this.#server = createServer((socket) => this.#greet(socket));
  }

  /** @param address of a bus that does not run, `unix:path=/…` */
  static async at(address: string, illness: Illness): Promise<BrokenBus> {
    const path = address.slice('unix:path='.length);
    await rm(path, { force: true });
    const bus = new BrokenBus(path, illness);
    bus.#server.listen(path);
    await once(bus.#server, 'listening');
    return bus;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await rm(this.path, { force: true });
  }

  #greet(socket: Socket): void {
    this.visits += 1;
    this.#sockets.add(socket);
    socket.on('error', () => {});
    if (this.illness === 'hangs up at once') socket.end();
    let heard = '';
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      const lines = heard.split('\r\n');
      heard = lines.pop() ?? '';
      for (const line of lines) this.#answer(socket, line);
    });
  }

  #answer(socket: Socket, line: string): void {
    if (line.includes('AUTH')) {
      if (this.illness === 'hangs up when asked who comes') socket.end();
      else if (this.illness === 'knows nobody') socket.write('REJECTED EXTERNAL\r\n');
      else if (this.illness === 'offers nothing') socket.write('REJECTED\r\n');
      else if (this.illness !== 'says nothing') socket.write('OK 0123456789abcdef0123456789abcdef\r\n');
    }
    if (line !== 'BEGIN') return;
    if (this.illness === 'hangs up when it has let in') socket.end();
    else if (this.illness === 'refuses the greeting') socket.write(errorReply(REFUSAL.name, REFUSAL.text));
    else if (this.illness === 'speaks something else') socket.write(Buffer.alloc(200, 'HTTP/1.1 400 Bad Request '));
  }
}

/** The answer to the first message of a connection (D-Bus Specification, "Message Format"). */
function errorReply(name: string, text: string): Buffer {
  const signature = Buffer.of(1, 's'.charCodeAt(0), 0);
  const fields = [field(4, 's', textOf(name)), field(5, 'u', number(1)), field(8, 'g', signature)];
  const body = textOf(text);
  const all = fields.reduce((before, one) => Buffer.concat([padded(before), one]));
  const header = Buffer.concat([Buffer.of('l'.charCodeAt(0), 3, 1, 1), number(body.length), number(1)]);
  return Buffer.concat([header, number(all.length), padded(all), body]);
}

function field(code: number, signature: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(code, 1, signature.charCodeAt(0), 0), value]);
}

/** Up to a multiple of eight bytes. */
function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

function textOf(text: string): Buffer {
  return Buffer.concat([number(text.length), Buffer.from(`${text}\0`)]);
}

function number(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
