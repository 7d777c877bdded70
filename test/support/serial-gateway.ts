import { devicesSeenBy } from './client-view.js';
import { type LiveGateway, startLive } from './live-gateway.js';
import { WireClient } from './wire-client.js';

/** How often these gateways look for ports, as a rule, ms. */
export const RESCAN_MS = 100;

export interface SerialGatewayOptions {
  readonly ports?: readonly object[];
  readonly devices?: object;
  /** How many devices to wait for. */
  readonly count?: number;
  /** How often it looks for ports, ms. */
  readonly rescan?: number;
}

/** A gateway with nothing but these serial ports. */
export function startSerial({ ports = [], devices = {}, count = 1, rescan = RESCAN_MS }: SerialGatewayOptions) {
  return startLive({
    devices: count,
    config: {
      devices,
      plugins: {
        'hardware-simulated': { devices: [] },
        'hardware-serial': { rescan, ports },
      },
    },
  });
}

/** A port of the configuration with a TCode machine on it. */
export const tcodeOn = (path: string, more: object = {}) => ({ path, protocol: 'tcode-v03', ...more });

/** What the machine is called. */
export const TCODE = 'TCode v0.3 (Single Linear Axis)';

/** A client that sees this many devices. */
export async function clientOf(live: LiveGateway, count = 1): Promise<WireClient> {
  const client = await WireClient.connect(live.url);
  const there = Object.keys(await devicesSeenBy(client)).length;
  if (there !== count) throw new Error(`There are ${there} devices instead of ${count}:\n${live.log.join('')}`);
  return client;
}

/** Log lines with this text in them. */
export const linesWith = (live: LiveGateway, text: string) => live.log.filter((line) => line.includes(text));
