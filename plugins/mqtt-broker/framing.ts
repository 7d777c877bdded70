/** A remaining length has at most this many bytes (MQTT 3.1.1, 2.2.3). */
const MAX_LENGTH_BYTES = 4;

/** Types, in the upper half of a packet's first byte. */
const CONNECT = 1;
const PUBLISH = 3;
/** Largest packet that is no PUBLISH, bytes. One MB of tiny subscriptions would keep the parser busy for a second. */
const MAX_CONTROL_BYTES = 65_536;

export type FramingFault = 'malformed' | 'too-large';

/**
 * Follows the packets in a stream of bytes without keeping any: how long each is stands in its first two to five bytes. Knows of a
 * packet that is too long before anybody has had to store it.
 */
export class Framing {
  /** Bytes of the present packet's body that are still to come; undefined while its head is being read. */
  #bodyLeft: number | undefined;
  #headBytes = 0;
  #length = 0;
  #maxBytes = 0;
  #packets = 0;

  constructor(private readonly maxPacketBytes: number) {}

  /** Between two packets. */
  get isIdle(): boolean {
    return this.#headBytes === 0;
  }

  /** How many have passed. */
  get packets(): number {
    return this.#packets;
  }

  /** The next bytes, cut anywhere. After a fault there is no telling where packets begin. */
  feed(bytes: Uint8Array): FramingFault | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#bodyLeft === undefined) {
        const fault = this.#readHead(bytes[at] ?? 0);
        if (fault) return fault;
        at += 1;
      } else {
        const taken = Math.min(this.#bodyLeft, bytes.length - at);
        this.#bodyLeft -= taken;
        at += taken;
      }
      if (this.#bodyLeft === 0) this.#nextPacket();
    }
    return undefined;
  }

  #readHead(byte: number): FramingFault | undefined {
    this.#headBytes += 1;
    if (this.#headBytes === 1) {
      // Whatever a browser can be made to send to this port does not begin like this.
      if (this.#packets === 0 && byte >> 4 !== CONNECT) return 'malformed';
      const isPublish = byte >> 4 === PUBLISH;
      this.#maxBytes = isPublish ? this.maxPacketBytes : Math.min(this.maxPacketBytes, MAX_CONTROL_BYTES);
      return undefined;
    }
    this.#length += (byte & 0x7f) * 0x80 ** (this.#headBytes - 2);
    const isLast = (byte & 0x80) === 0;
    if (!isLast && this.#headBytes > MAX_LENGTH_BYTES) return 'malformed';
    if (this.#headBytes + this.#length > this.#maxBytes) return 'too-large';
    if (isLast) this.#bodyLeft = this.#length;
    return undefined;
  }

  #nextPacket(): void {
    this.#packets += 1;
    this.#bodyLeft = undefined;
    this.#headBytes = 0;
    this.#length = 0;
  }
}
