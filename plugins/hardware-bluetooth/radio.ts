import type { Noble, NoblePeripheral } from '@abandonware/noble';
import { type Clock, describeError, LinkError, type Logger, type Timer } from 'pulsegate/plugin';
import type { OpenBinding } from './bindings/open-binding.js';
import { LateError, within } from './within.js';

export interface RadioOptions {
  readonly noble: Noble;
  readonly binding: Pick<OpenBinding, 'lookAgain'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onSeen: (peripheral: NoblePeripheral) => void;
  /** The adapter does not do what it is told any more. */
  readonly onBroken: (reason: string) => void;
}

/** Longest that starting or stopping a scan may take, ms. */
const SCAN_LIMIT_MS = 3_000;
/** The same when all comes to its end: nobody waits for a hung adapter then, ms. */
const CLOSE_LIMIT_MS = 300;
/** After a scan ended by itself, or did not start, it is started again after so long, ms. */
const SCAN_AGAIN_MS = 500;
/** How often a scan that goes on is asked who is there, ms. */
const LOOK_AGAIN_MS = 5_000;
/** All that noble says when BlueZ refuses a scan. */
const NOT_STARTED = 'startScanning failed';
/** So many starts in a row may fail before the adapter counts as broken. */
const MOST_FAILURES = 3;

interface Work {
  /** Never rejects. */
  readonly run: () => Promise<void>;
  readonly refuse: (error: Error) => void;
}

/**
 * What an adapter does, one thing at a time: it scans while somebody wants that, and stops for as long as something else is to be done.
 * Many adapters hang when they are told to connect in the middle of a scan; and noble stops and starts scans by itself in
 * places, so what is going on is kept here.
 */
export class Radio {
  readonly #wishes = new Set<object>();
  readonly #work: Work[] = [];
  #isScanning = false;
  #isBusy = false;
  #isClosed = false;
  #failures = 0;
  /** The work at hand; never rejects. */
  #running: Promise<void> = Promise.resolve();
  /** The scan has gone on for so long that it is asked who is there. */
  #isLookDue = false;
  #again: Timer | undefined;
  /** Those who wait for the next change. */
  #changed = Promise.withResolvers<void>();

  constructor(private readonly options: RadioOptions) {
    const { noble, onSeen } = options;
    noble.on('discover', onSeen);
    noble.on('scanStop', this.#onScanStop);
  }

  /** How many wait for it, the one at work included. */
  get waiting(): number {
    return this.#work.length + (this.#isBusy ? 1 : 0);
  }

  /** It scans until the wish is withdrawn. */
  wishForScan(): Disposable {
    const wish = {};
    this.#wishes.add(wish);
    void this.#settle();
    return {
      [Symbol.dispose]: () => {
        this.#wishes.delete(wish);
        void this.#settle();
      },
    };
  }

  /** Resolves when it scans, or does not, as wanted; or when it gave up trying. */
  async settled(): Promise<void> {
    while (!this.#isClosed && (this.#isBusy || this.#work.length > 0)) await this.#changed.promise;
  }

  /** Does `work` while nothing else is done, and no scan runs. Those who come first are first. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#work.push({ run: () => work().then(resolve, reject), refuse: reject });
      if (this.#isClosed) this.#refuseAll();
      else void this.#settle();
    });
  }

  /** Ends the scan; what waits will not be done. Never hangs, and never rejects. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#again?.cancel();
    this.#refuseAll();
    this.#notify();
    this.options.noble.removeListener('discover', this.options.onSeen);
    this.options.noble.removeListener('scanStop', this.#onScanStop);
    const { noble, clock, log } = this.options;
    // Whoever is at work was told to leave, which is the adapter's last word to a device.
    await within(clock, CLOSE_LIMIT_MS, 'leaving a device', this.#running).catch(() => {});
    if (this.#isScanning) await this.#stopScan(CLOSE_LIMIT_MS).catch(() => {});
    try {
      noble.stop();
    } catch (error) {
      log.debug({ err: error }, 'the adapter did not stop');
    }
  }

  readonly #onScanStop = () => {
    if (!this.#isScanning || this.#isBusy) return;
    // Another program on the same adapter, or noble itself.
    this.#isScanning = false;
    this.#settleLater(SCAN_AGAIN_MS);
  };

  /** Brings what is done in line with what is wanted; one at a time. */
  async #settle(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (!this.#isClosed) {
        const work = this.#work[0];
        if (this.#isScanning && (work || this.#wishes.size === 0)) await this.#stopScan();
        else if (work) {
          this.#work.shift();
          this.#running = work.run();
          await this.#running;
        } else if (!this.#isScanning && this.#wishes.size > 0) await this.#startScan();
        else if (this.#isScanning && this.#isLookDue) await this.#lookAgain();
        else break;
        this.#notify();
      }
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isBusy = false;
      this.#notify();
    }
  }

  async #startScan(): Promise<void> {
    const { noble, clock } = this.options;
    const refused = Promise.withResolvers<never>();
    const onWarning = (message: string) => {
      if (message.startsWith(NOT_STARTED)) refused.reject(new LinkError(message));
    };
    noble.on('warning', onWarning);
    try {
      const started = Promise.race([noble.startScanningAsync([], true), refused.promise]);
      await within(clock, SCAN_LIMIT_MS, 'starting a scan', started);
    } finally {
      noble.removeListener('warning', onWarning);
    }
    this.#isScanning = true;
    this.#failures = 0;
    this.#lookLater();
  }

  async #lookAgain(): Promise<void> {
    const { binding, clock } = this.options;
    await within(clock, SCAN_LIMIT_MS, 'asking who is there', binding.lookAgain());
    this.#lookLater();
  }

  #lookLater(): void {
    this.#isLookDue = false;
    this.#settleLater(LOOK_AGAIN_MS, () => {
      this.#isLookDue = true;
    });
  }

  async #stopScan(limitMs = SCAN_LIMIT_MS): Promise<void> {
    const { noble, clock } = this.options;
    // Whatever comes of it: it is not relied upon any more.
    this.#isScanning = false;
    await within(clock, limitMs, 'stopping a scan', noble.stopScanningAsync());
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return;
    this.#failures += 1;
    this.options.log.debug({ err: error }, `scanning failed (${this.#failures})`);
    if (this.#failures >= MOST_FAILURES || error instanceof LateError) this.options.onBroken(describeError(error));
    else this.#settleLater(SCAN_AGAIN_MS);
  }

  #refuseAll(): void {
    for (const { refuse } of this.#work.splice(0)) refuse(new LinkError('the Bluetooth adapter is gone'));
  }

  #settleLater(delayMs: number, before = () => {}): void {
    this.#again?.cancel();
    if (this.#isClosed) return;
    this.#again = this.options.clock.after(delayMs, () => {
      before();
      void this.#settle();
    });
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
