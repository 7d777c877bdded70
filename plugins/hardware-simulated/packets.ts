import type { Clock, Endpoint } from 'pulsegate/plugin';

export interface PacketRecord {
  /** Wall-clock time, ISO 8601. */
  readonly time: string;
  readonly endpoint: Endpoint;
  readonly hex: string;
  /** The same as text, where all of it is printable. */
  readonly text?: string;
}

const KEPT = 100;
const PRINTABLE = /^[\x20-\x7e\r\n\t]+$/;

interface Packet {
  readonly date: Date;
  readonly endpoint: Endpoint;
  readonly data: Uint8Array;
}

/** The last packets that reached a toy, oldest first. Many are kept and few are ever looked at, so they are written out late. */
export class PacketLog {
  readonly #packets: Packet[] = [];

  constructor(private readonly clock: Clock) {}

  get records(): readonly PacketRecord[] {
    return this.#packets.map(record);
  }

  add(endpoint: Endpoint, data: Uint8Array): void {
    this.#packets.push({ date: this.clock.date(), endpoint, data: Uint8Array.from(data) });
    if (this.#packets.length > KEPT) this.#packets.shift();
  }
}

function record({ date, endpoint, data }: Packet): PacketRecord {
  const bytes = Buffer.from(data);
  const text = bytes.toString('latin1');
  const plain = { time: date.toISOString(), endpoint, hex: bytes.toString('hex') };
  return PRINTABLE.test(text) ? { ...plain, text } : plain;
}
