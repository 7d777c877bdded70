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

/** The last packets that reached a toy, oldest first. */
export class PacketLog {
  #records: PacketRecord[] = [];

  constructor(private readonly clock: Clock) {}

  get records(): readonly PacketRecord[] {
    return this.#records;
  }

  add(endpoint: Endpoint, data: Uint8Array): void {
    const bytes = Buffer.from(data);
    const text = bytes.toString('latin1');
    const record = { time: this.clock.date().toISOString(), endpoint, hex: bytes.toString('hex') };
    this.#records.push(PRINTABLE.test(text) ? { ...record, text } : record);
    if (this.#records.length > KEPT) this.#records.shift();
  }
}
