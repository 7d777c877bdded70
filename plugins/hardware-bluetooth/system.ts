import { readFileSync } from 'node:fs';
import { access, readdir } from 'node:fs/promises';

/** What this machine has that matters for Bluetooth. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** Linux: `hci0` and so on. */
  adapters(): Promise<readonly string[]>;
  /** Linux: the system's D-Bus runs. */
  hasBus(): Promise<boolean>;
  /** Linux: this process may talk to an adapter directly. */
  mayUseRawSockets(): boolean;
  exists(path: string): Promise<boolean>;
}

const ADAPTERS = '/sys/class/bluetooth';
const SYSTEM_BUS = '/var/run/dbus/system_bus_socket';
/** Its bit in the set of rights that the kernel shows (capabilities(7)). */
const NET_RAW = 13n;

export const thisSystem: System = {
  platform: process.platform,
  // A connection is listed there, too: hci0:64.
  adapters: () =>
    readdir(ADAPTERS).then(
      (names) => names.filter((name) => /^hci\d+$/.test(name)),
      () => [],
    ),
  hasBus: () => isThere(busPath()),
  mayUseRawSockets: () => (BigInt(`0x${effectiveRights()}`) >> NET_RAW) % 2n === 1n,
  // Windows keeps its ports out of the file system: whether one is there, opening it tells.
  exists: async (path) => process.platform === 'win32' || isThere(path),
};

function busPath(): string {
  const address = process.env.DBUS_SYSTEM_BUS_ADDRESS ?? '';
  return /unix:path=([^,;]+)/.exec(address)?.[1] ?? SYSTEM_BUS;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Hexadecimal. */
function effectiveRights(): string {
  try {
    return /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  } catch {
    return '0';
  }
}
