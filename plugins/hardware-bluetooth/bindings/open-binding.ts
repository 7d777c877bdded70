import type { Noble, NoblePeripheral } from '@abandonware/noble';
import type { Logger } from 'pulsegate/plugin';

export interface BindingTools {
  /** It has been started just now. */
  readonly noble: Noble;
  readonly log: Logger;
  /**
   * The adapter is gone, or the way to it. May be called more than once.
   *
   * @param remedy what to do when it was never there
   */
  readonly onLost: (reason: string, remedy?: string) => void;
}

/** Company id to the bytes behind it. */
export type ManufacturerData = ReadonlyMap<number, Uint8Array>;

/**
 * An adapter as one of noble's bindings shows it. In what they differ is told here, so that nobody has to ask which one it is.
 */
export interface OpenBinding {
  /** How long the end of a connection is waited for, ms; it comes all the same. */
  readonly disconnectLimitMs: number;
  /** Throws a LinkError when noble took another adapter for want of the one it was told to. */
  assertAdapter(): void;
  /** @param warnings what noble said; undefined: nothing that is known to have a remedy */
  remedy(warnings: readonly string[]): string | undefined;
  /** Whether what noble shows is there, and not only was. */
  isInReach(peripheral: NoblePeripheral): boolean;
  /** During a scan: tells once more of those in reach, where the system does not do so by itself. */
  lookAgain(): Promise<void>;
  /** Of all companies in what a device advertises. */
  manufacturerData(peripheral: NoblePeripheral): ManufacturerData | undefined;
  /** Learns of a device that has just been connected what noble does not. @returns whether it still is */
  learn(peripheral: NoblePeripheral): Promise<boolean>;
  /** Longest packet that was agreed upon with a connected device, bytes, header included; undefined: nobody tells. */
  mtu(peripheral: NoblePeripheral): number | undefined;
  /** Packets on their way to the air that nobody answers; undefined: nobody tells. */
  underWay(peripheral: NoblePeripheral): number | undefined;
  /** Nothing is kept of a device that is not connected. Seen again, it is a new one. */
  forget(peripheral: NoblePeripheral): void;
}
