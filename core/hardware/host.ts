import type { HardwareManager } from './contract.js';

/** Where hardware plugins bring their managers. */
export interface HardwareHost {
  /**
   * Takes part in scanning from now on. Detaching stops and disconnects the devices that came from this manager, and resolves
   * when that is done.
   */
  attach(manager: HardwareManager): AsyncDisposable;
}
