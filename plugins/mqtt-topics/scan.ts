import { DeviceError, type EmbeddedClient, type RetainedTopics } from 'pulsegate/plugin';

/** An empty payload starts a scan, too: some clients cannot send any. */
const WISHES: ReadonlyMap<string, boolean> = new Map([
  ...['', 'on', 'start', 'true', '1'].map((word): [string, boolean] => [word, true]),
  ...['off', 'stop', 'false', '0'].map((word): [string, boolean] => [word, false]),
]);
/** Longest payload that is looked at, bytes. */
const MAX_LENGTH = 64;

/** @throws DeviceError with a sentence for whoever published it */
export function readScanWish(payload: Buffer): boolean {
  const text = payload.length > MAX_LENGTH ? undefined : payload.toString().trim().toLowerCase();
  const isOn = text === undefined ? undefined : WISHES.get(text.replace(/^"(.*)"$/, '$1'));
  if (isOn === undefined) throw new DeviceError('A scan is turned ON or OFF');
  return isOn;
}

/** The scan that was asked for on the topics, and its retained state. */
export class Scan implements Disposable {
  /** Requests so far: what becomes of an earlier one is old news. */
  #requests = 0;

  constructor(
    private readonly kept: RetainedTopics,
    private readonly topic: string,
  ) {
    this.over();
  }

  async turn(session: EmbeddedClient, isOn: boolean): Promise<void> {
    this.#requests += 1;
    const request = this.#requests;
    this.#show(isOn);
    try {
      await (isOn ? session.startScanning() : session.stopScanning());
    } catch (error) {
      if (request === this.#requests) this.over();
      throw error;
    }
  }

  /** It has come to its end, or the session that wanted it has. */
  over(): void {
    this.#show(false);
  }

  [Symbol.dispose](): void {
    this.kept[Symbol.dispose]();
  }

  #show(isOn: boolean): void {
    this.kept.set(this.topic, isOn ? 'ON' : 'OFF');
  }
}
