/**
 * As much of noble as is used here. The declarations that come with the library are for another name than the one it is installed
 * under, and lack the D-Bus binding.
 */
declare module '@abandonware/noble' {
  import type { EventEmitter } from 'node:events';

  export type AdapterState = 'poweredOn' | 'poweredOff' | 'unauthorized' | 'unsupported' | 'unknown' | 'resetting';
  export type NobleBinding = 'hci' | 'dbus' | 'mac' | 'win';

  export interface NobleAdvertisement {
    readonly localName?: string | undefined;
    /** Company id, two bytes, low one first, and what is behind it. */
    readonly manufacturerData?: Buffer | undefined;
    /** Hexadecimal, without dashes; those of 16 bits without leading zeros. */
    readonly serviceUuids?: readonly string[] | undefined;
  }

  export interface NobleCharacteristic extends EventEmitter {
    readonly uuid: string;
    readonly properties: readonly string[];
    readAsync(): Promise<Buffer>;
    writeAsync(data: Buffer, withoutResponse: boolean): Promise<void>;
    subscribeAsync(): Promise<unknown>;
    unsubscribeAsync(): Promise<void>;
    on(event: 'data', listener: (data: Buffer, isNotification: boolean) => void): this;
  }

  export interface NobleService {
    readonly uuid: string;
    discoverCharacteristicsAsync(uuids: readonly string[]): Promise<readonly NobleCharacteristic[]>;
  }

  /** In units of the radio: 1.25 ms for intervals, 10 ms for the timeout. */
  export interface ConnectOptions {
    readonly minInterval: number;
    readonly maxInterval: number;
    readonly latency: number;
    readonly timeout: number;
  }

  export interface NoblePeripheral extends EventEmitter {
    readonly id: string;
    /** Empty on systems that keep it to themselves; `id` stands for it there. */
    readonly address: string;
    readonly advertisement: NobleAdvertisement;
    readonly rssi: number;
    readonly state: 'error' | 'connecting' | 'connected' | 'disconnecting' | 'disconnected';
    /** `null` where the system does not tell. */
    readonly mtu: number | null;
    connectAsync(options: ConnectOptions): Promise<void>;
    cancelConnect(): void;
    disconnectAsync(): Promise<void>;
    discoverServicesAsync(uuids: readonly string[]): Promise<readonly NobleService[]>;
    updateRssiAsync(): Promise<number>;
    on(event: 'disconnect', listener: (reason: number | string) => void): this;
    off(event: 'disconnect', listener: (reason: number | string) => void): this;
  }

  export interface Noble extends EventEmitter {
    /** Reading it starts the binding. */
    readonly state: AdapterState;
    readonly _bindings: unknown;
    startScanningAsync(serviceUuids: readonly string[], allowDuplicates: boolean): Promise<void>;
    stopScanningAsync(): Promise<void>;
    stop(): void;
    on(event: 'stateChange', listener: (state: AdapterState) => void): this;
    on(event: 'discover', listener: (peripheral: NoblePeripheral) => void): this;
    on(event: 'scanStop', listener: () => void): this;
    on(event: 'warning', listener: (message: string) => void): this;
  }

  interface NobleModule {
    withBindings(binding: NobleBinding, options?: object): Noble;
    hciStatusMessage(reason: number | string): string;
  }
  const noble: NobleModule;
  export default noble;
}
