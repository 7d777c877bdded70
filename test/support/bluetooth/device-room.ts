import { devicesSeenBy, scan, sees } from '../client-view.js';
import type { WireClient } from '../wire-client.js';

/** What a client sees of a room with devices in it. */
export abstract class DeviceRoom {
  abstract readonly client: WireClient;

  /** Index to name. */
  devices(): Promise<Readonly<Record<string, string>>> {
    return devicesSeenBy(this.client);
  }

  scan(): Promise<void> {
    return scan(this.client);
  }

  /** Waits until exactly these are there. */
  has(...names: readonly string[]): Promise<void> {
    return sees(this.client, ...names);
  }
}
