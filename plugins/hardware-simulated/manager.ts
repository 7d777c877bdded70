import { type Clock, Events, type HardwareManager, type HardwareManagerEvents, type Timer } from 'pulsegate/plugin';
import type { Peripheral } from './peripheral.js';

/** How long a scan takes, ms: everything is found at once, but a scan that ends before it began helps nobody. */
const SCAN_MS = 50;

/** Finds the simulated toys. */
export class SimulatedManager implements HardwareManager {
  readonly name = 'simulated';
  readonly #events: Events<HardwareManagerEvents>;
  #scan: Timer | undefined;

  constructor(
    readonly peripherals: readonly Peripheral[],
    private readonly clock: Clock,
    onListenerError: (error: unknown, event: string) => void,
  ) {
    this.#events = new Events(onListenerError);
    for (const peripheral of peripherals) peripheral.on('back', () => this.#discover(peripheral));
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  /** Shows what is there without a scan. */
  start(): void {
    for (const peripheral of this.peripherals) if (peripheral.isPresentAtStart) this.#discover(peripheral);
  }

  async startScanning(): Promise<void> {
    this.#scan?.cancel();
    this.#scan = this.clock.after(SCAN_MS, () => {
      this.#scan = undefined;
      this.#events.emit('scanFinished');
    });
    for (const peripheral of this.peripherals) this.#discover(peripheral);
  }

  async stopScanning(): Promise<void> {
    this.#scan?.cancel();
    this.#scan = undefined;
  }

  /** Ends every connection and every timer. */
  close(): void {
    this.#scan?.cancel();
    for (const peripheral of this.peripherals) peripheral.close();
  }

  #discover(peripheral: Peripheral): void {
    if (peripheral.isAdvertising) this.#events.emit('discovered', peripheral);
  }
}
