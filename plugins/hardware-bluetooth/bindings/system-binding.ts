import type { NoblePeripheral } from '@abandonware/noble';
import { field } from './field.js';
import type { BindingTools, ManufacturerData, OpenBinding } from './open-binding.js';

/** Longest that an adapter takes to end a connection, ms. */
const DISCONNECT_LIMIT_MS = 1_500;

/** The Bluetooth service of macOS or Windows: it looks after everything by itself, and noble tells what is to be told. */
export class SystemBinding implements OpenBinding {
  readonly disconnectLimitMs: number = DISCONNECT_LIMIT_MS;

  constructor(protected readonly tools: BindingTools) {}

  assertAdapter(): void {}

  remedy(_warnings: readonly string[]): string | undefined {
    return undefined;
  }

  isInReach(_peripheral: NoblePeripheral): boolean {
    return true;
  }

  async lookAgain(): Promise<void> {}

  manufacturerData({ advertisement: { manufacturerData } }: NoblePeripheral): ManufacturerData | undefined {
    if (!manufacturerData || manufacturerData.length < 2) return undefined;
    return new Map([[manufacturerData.readUInt16LE(0), Uint8Array.from(manufacturerData.subarray(2))]]);
  }

  async learn({ state }: NoblePeripheral): Promise<boolean> {
    return state === 'connected';
  }

  mtu({ mtu }: NoblePeripheral): number | undefined {
    return mtu ?? undefined;
  }

  underWay(_peripheral: NoblePeripheral): number | undefined {
    return undefined;
  }

  forget({ id }: NoblePeripheral): void {
    const { noble } = this.tools;
    // Noble itself forgets nobody while its adapter is on.
    const forget = field(noble, '_cleanupPeriperals');
    if (typeof forget === 'function') Reflect.apply(forget, noble, [id]);
  }
}
