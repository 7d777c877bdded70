import { AbortController, AbortError, AbortSignal } from './abort.js';
import { type Client, GatewayRefusal } from './client.js';
import { createConsole } from './console.js';
import type { Devices } from './devices.js';
import { readOwnFile } from './files.js';
import type { Listeners } from './listeners.js';
import { http, mqtt, storage } from './outside.js';
import { emit } from './port.js';
import { createScan } from './scan.js';
import { every, sleep } from './schedule.js';
import { now } from './time.js';
import { createTimers } from './timers.js';

/** What the global scope of a script is made of. */
export interface GlobalParts {
  readonly name: string;
  readonly client: Client;
  readonly devices: Devices;
  readonly scanEnds: Set<() => void>;
  readonly ending: Listeners<[reason: string]>;
}

/** Everything a script sees besides the language itself; pulsegate-script.d.ts describes it to editors. */
export function createGlobals({ name, client, devices, scanEnds, ending }: GlobalParts) {
  return {
    devices,
    sleep,
    every,
    storage,
    http,
    mqtt,
    console: createConsole(),
    script: {
      name,
      /** Text of a file in the script's own folder. */
      readText: readOwnFile,
      /** What it drives stops. */
      exit: (): void => emit(['x', '']),
      on(event: string, listener: (reason: string) => unknown) {
        if (event === 'disconnecting') return ending.add(listener);
        throw new TypeError(`There is no event "${event}" of a script; there is disconnecting`);
      },
    },
    scan: createScan(client, scanEnds),
    async stopAll(): Promise<void> {
      await Promise.all(devices.list().map((device) => device.stop()));
    },
    performance: { now },
    ...createTimers(),
    AbortController,
    AbortSignal,
    AbortError,
    GatewayRefusal,
  };
}
