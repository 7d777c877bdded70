import type { BrokerProcess } from './broker-process.js';
import type { CuttableProxy } from './cuttable-proxy.js';

/** A way for a broker to be away. */
export interface Outage {
  readonly name: string;
  begin(broker: BrokerProcess, proxy: CuttableProxy): Promise<void> | void;
  /** Resolves when the broker is there again. Absent: it is so already. */
  end?(broker: BrokerProcess, proxy: CuttableProxy): Promise<void> | void;
}

export const OUTAGES: readonly Outage[] = [
  { name: 'stopped', begin: (broker) => broker.stop(), end: (broker) => broker.restart() },
  { name: 'paused', begin: (broker) => broker.pause(), end: (broker) => broker.resume() },
  { name: 'restarted at once', begin: (broker) => broker.restart() },
  { name: 'unreachable', begin: (_broker, proxy) => proxy.refuse(), end: (_broker, proxy) => proxy.accept() },
  { name: 'killed', begin: (broker) => broker.kill(), end: (broker) => broker.restart() },
  { name: 'network stalled', begin: (_broker, proxy) => proxy.block(), end: (_broker, proxy) => proxy.unblock() },
  { name: 'connections cut', begin: (_broker, proxy) => proxy.cut() },
];
