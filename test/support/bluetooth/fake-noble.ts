import { EventEmitter } from 'node:events';
import type { AdapterState, Noble } from '@abandonware/noble';

/** Noble without an adapter: it scans, or does not answer. */
export class FakeNoble extends EventEmitter implements Noble {
  readonly state: AdapterState = 'poweredOn';
  readonly _bindings = undefined;
  /** It hears and does nothing. */
  isStuck = false;
  /** Said in place of starting a scan. */
  refusal: string | undefined;
  isScanning = false;

  async startScanningAsync(): Promise<void> {
    if (this.refusal !== undefined) this.emit('warning', this.refusal);
    await this.#unlessStuck();
    this.isScanning = true;
  }

  async stopScanningAsync(): Promise<void> {
    await this.#unlessStuck();
    this.isScanning = false;
  }

  stop(): void {
    this.isScanning = false;
  }

  async #unlessStuck(): Promise<void> {
    if (this.isStuck || this.refusal !== undefined) await new Promise(() => {});
  }
}
