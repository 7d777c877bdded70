import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;
const CLOSE = 0x88;
const NOTHING = Buffer.alloc(0);

/** One client frame, masked as the protocol demands. It may be sent any number of times. */
export function encodeFrame(payload: string | Uint8Array, opcode = TEXT): Buffer {
  const data = Buffer.from(payload);
  const header =
    data.length < 126
      ? Buffer.of(opcode, 0x80 | data.length)
      : data.length < 0x10000
        ? Buffer.of(opcode, 0x80 | 126, data.length >> 8, data.length & 0xff)
        : Buffer.concat([Buffer.of(opcode, 0x80 | 127), bigEndian64(data.length)]);
  const mask = randomBytes(4);
  for (let at = 0; at < data.length; at += 1) data[at] = (data[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return Buffer.concat([header, mask, data]);
}

function bigEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/**
 * A WebSocket client that costs next to nothing, so that a measurement shows the server: frames are encoded beforehand, and
 * nothing is parsed that nobody looks at.
 */
export class Wire {
  /** Called with the payload of each text frame; the bytes are only valid during the call. */
  onText: (payload: Buffer) => void = () => {};
  onClosed: () => void = () => {};
  readonly #socket: Socket;
  #unread: Buffer = NOTHING;

  private constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    // Callers set their listeners in the turn in which they get the wire.
    setImmediate(() => {
      this.#take(head);
      socket.on('data', (chunk) => this.#take(chunk));
    });
    socket.on('close', () => this.onClosed());
  }

  /** Rejects when the server refuses, or hangs up before it answers. */
  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true);
      const failed = (error?: Error) => reject(error ?? new Error('closed during the WebSocket handshake'));
      socket.on('error', failed);
      socket.once('close', () => failed());
      socket.write(
        `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
      let head = NOTHING;
      const read = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', read);
        const status = head.toString('latin1', 9, 12);
        if (status === '101') resolve(new Wire(socket, head.subarray(end + 4)));
        else failed(new Error(`the server answered the WebSocket handshake with ${status}`));
      };
      socket.on('data', read);
    });
  }

  send(frame: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(frame);
  }

  /** Hangs up without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  /** What is sent in answer to one chunk leaves together. */
  #take(chunk: Buffer): void {
    this.#socket.cork();
    let rest: Buffer = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    for (let size = frameSize(rest); size !== undefined && size.end <= rest.length; size = frameSize(rest)) {
      this.#read(rest[0], rest.subarray(size.start, size.end));
      rest = rest.subarray(size.end);
    }
    this.#unread = rest;
    this.#socket.uncork();
  }

  #read(opcode: number | undefined, payload: Buffer): void {
    if (opcode === TEXT) this.onText(payload);
    else if (opcode === PING) this.send(encodeFrame(payload, PONG));
    else if (opcode === CLOSE) this.#socket.end();
  }
}

/** Where the payload of the first frame lies; undefined until its header is there. Servers do not mask. */
function frameSize(bytes: Buffer): { readonly start: number; readonly end: number } | undefined {
  const short = bytes[1];
  if (short === undefined) return undefined;
  if (short < 126) return { start: 2, end: 2 + short };
  const start = short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  return { start, end: start + (short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))) };
}
