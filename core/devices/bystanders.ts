import type { Advertisement } from '../hardware/contract.js';
import type { Logger } from '../logging/logger.js';

/** Of so many unknown devices it is said what they advertise, in one run: a neighbourhood may have hundreds. */
const MOST_REPORTED = 50;
const ADDRESS_END = 5;

/** Hardware that was seen and is left alone. */
export class Bystanders {
  /** Said since the last scan began. */
  readonly #noted = new Set<string>();
  readonly #reported = new Set<string>();

  constructor(private readonly log: Logger) {}

  /** A new scan: whatever is left alone is said once more. */
  forget(): void {
    this.#noted.clear();
  }

  note({ name, address, kind }: Advertisement, reason: string): void {
    if (!this.#noted.has(address)) this.log.debug({ name, address, kind }, `seen, but ${reason}`);
    this.#noted.add(address);
  }

  /** Nobody claims it. Said once in a run, with what somebody needs who wants to write a definition. */
  report(advertisement: Advertisement): void {
    this.note(advertisement, 'no protocol claims it');
    const { name, address } = advertisement;
    if (this.#reported.has(address) || this.#reported.size >= MOST_REPORTED) return;
    this.#reported.add(address);
    this.log.info(
      looksOf(advertisement),
      `unknown device ${JSON.stringify(name)}: if it is one you would like to drive, docs/devices.md says how to report it`,
    );
  }

  /** Devices like it are known, but not what to send them. */
  reportUndrivable(advertisement: Advertisement, brand: string, protocol: string): void {
    const { address, name } = advertisement;
    if (this.#reported.has(address)) return;
    this.#reported.add(address);
    this.log.info(
      { name, protocol },
      `${brand} device ${JSON.stringify(name)} is left alone: nobody has described how it is driven`,
    );
  }
}

/** What it advertises, without the part of its address that would tell whose it is. */
function looksOf({ kind, address, services, manufacturerData, vendorId, productId }: Advertisement) {
  return {
    kind,
    address: address.length > ADDRESS_END ? `…${address.slice(-ADDRESS_END)}` : address,
    ...(services && services.length > 0 && { services }),
    ...(manufacturerData && manufacturerData.size > 0 && { manufacturerData: hexOf(manufacturerData) }),
    ...(vendorId !== undefined && { vendorId, productId }),
  };
}

const hexOf = (data: ReadonlyMap<number, Uint8Array>) =>
  Object.fromEntries([...data].map(([company, bytes]) => [company, Buffer.from(bytes).toString('hex')]));
