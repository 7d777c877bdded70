import { EventEmitter } from 'node:events';
import { field } from './field.js';
import type { ManufacturerData } from './open-binding.js';

/** Most addresses that are remembered: everybody who comes by is heard, and most of them change theirs. */
const MOST_REMEMBERED = 1_000;
/** Kinds of reports and of what is in them (Core Specification, volume 4, part E, 7.7.65.2; Assigned Numbers, 2.3). */
const SCAN_RESPONSE = 4;
const MANUFACTURER_DATA = 0xff;

interface Heard {
  /** Of what it sends unasked. */
  advertised: ManufacturerData;
  /** Of what it sends to whoever asks for more. */
  answered: ManufacturerData;
}

/**
 * What an adapter reports of the air. Noble keeps the last piece of manufacturer data alone, of however many a device sends; and it
 * keeps something of everybody for ever, even of those that it never tells about.
 */
export class HeardReports {
  /** By address, in the order of the last report. */
  readonly #heard = new Map<string, Heard>();

  /**
   * @param hci noble's, which reports
   * @param gap noble's, which gathers
   */
  constructor(
    hci: unknown,
    private readonly gap: unknown,
  ) {
    if (!(hci instanceof EventEmitter)) return;
    // Before noble tells of it.
    hci.prependListener('leAdvertisingReport', (_status, type, address, _addressType, data) => {
      if (typeof address === 'string' && Buffer.isBuffer(data)) this.#note(address, type === SCAN_RESPONSE, data);
    });
  }

  /** Undefined: it has none, or nothing was reported of it. */
  manufacturerData(address: string): ManufacturerData | undefined {
    const heard = this.#heard.get(address);
    const all = new Map([...(heard?.advertised ?? []), ...(heard?.answered ?? [])]);
    return all.size > 0 ? all : undefined;
  }

  forget(address: string): void {
    this.#heard.delete(address);
    Reflect.deleteProperty(Object(field(this.gap, '_discoveries')), address);
  }

  #note(address: string, isAnswer: boolean, data: Buffer): void {
    const { advertised = NOTHING, answered = NOTHING } = this.#heard.get(address) ?? {};
    const found = manufacturerDataIn(data);
    this.#heard.delete(address);
    this.#heard.set(address, isAnswer ? { advertised, answered: found } : { advertised: found, answered });
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MOST_REMEMBERED) return;
      this.forget(oldest);
    }
  }
}

const NOTHING: ManufacturerData = new Map();

/** @param data structures, each with its length, its kind and what is in it */
function manufacturerDataIn(data: Buffer): ManufacturerData {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at + 1 < data.length; ) {
    const length = data.readUInt8(at);
    const end = at + 1 + length;
    if (length === 0 || end > data.length) break;
    if (data.readUInt8(at + 1) === MANUFACTURER_DATA && length >= 3) {
      found.set(data.readUInt16LE(at + 2), Uint8Array.from(data.subarray(at + 4, end)));
    }
    at = end;
  }
  return found.size > 0 ? found : NOTHING;
}
