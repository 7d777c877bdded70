import type { Plugin } from 'pulsegate/plugin';
import { expect } from 'vitest';
import remote from '../../../plugins/hardware-remote/index.js';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { notBuiltIn } from '../mqtt/plugins.js';
import { PATIENCE_MS } from '../timing.js';
import { WireClient } from '../wire-client.js';

/** What `GET /api/remotes` says of one. */
export interface RemoteStatus {
  readonly name: string;
  readonly address: string;
  readonly state: string;
  readonly server: string | null;
  readonly spec: number | null;
  readonly latencyMs: number | null;
  readonly devices: readonly { readonly address: string; readonly name: string }[];
  readonly orders: Readonly<Record<string, number>>;
  readonly lastError: string | null;
}

/** Quick to notice and to come back, so that tests are too. */
const QUICK = { heartbeat: 200, answerTimeout: 2000, reconnect: { firstDelay: 20, maxDelay: 200 } };

/** The plugins a hub needs beside the built-in ones. */
const REMOTE: readonly Plugin[] = notBuiltIn(remote);

export interface HubOptions {
  readonly remotes?: readonly object[];
  /** Further settings of the plugin. */
  readonly settings?: object;
  readonly plugins?: Readonly<Record<string, object>>;
  readonly own?: readonly { readonly model: string }[];
  readonly config?: Readonly<Record<string, object>>;
  /** How many devices to wait for; default: each own one, and one of each remote. */
  readonly devices?: number;
}

/** A gateway that shows the devices of others, and none of its own unless told to. */
export function startHub({
  remotes = [],
  settings,
  plugins = {},
  own = [],
  config = {},
  devices,
}: HubOptions): Promise<LiveGateway> {
  return startLive({
    plugins: REMOTE,
    devices: devices ?? own.length + remotes.length,
    config: {
      ...config,
      plugins: {
        'hardware-simulated': { devices: own },
        'hardware-remote': { ...QUICK, remotes, ...settings },
        ...plugins,
      },
    },
  });
}

export const remoteTo = (name: string, gateway: LiveGateway, more: object = {}) => ({
  name,
  url: gateway.url,
  ...more,
});

export async function statusOf(hub: LiveGateway, name: string): Promise<RemoteStatus | undefined> {
  const answer = await fetch(`${hub.origin}/api/remotes`);
  return ((await answer.json()) as RemoteStatus[]).find((one) => one.name === name);
}

export const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { interval: 10, timeout: PATIENCE_MS });

interface Announced {
  readonly DeviceIndex: number;
  readonly DeviceName: string;
  readonly DeviceDisplayName?: string;
  readonly DeviceFeatures: Readonly<Record<string, { readonly Output?: object; readonly Input?: object }>>;
}

/** The devices a client of version 4 is told of when it asks. */
export async function announced(client: WireClient): Promise<readonly Announced[]> {
  const { DeviceList } = await client.ask({ RequestDeviceList: {} });
  return Object.values(DeviceList?.Devices ?? {}) as Announced[];
}

/** A client that sees so many devices. */
export async function clientOf(gateway: LiveGateway, devices: number, name = 'an app'): Promise<WireClient> {
  await gateway.simulated.connected(devices);
  return WireClient.connect(gateway.url, 4, name);
}

/** A gateway with the testbed, a hub that shows it, and a client of the hub. */
export interface Pair extends AsyncDisposable {
  readonly bedroom: LiveGateway;
  readonly hub: LiveGateway;
  readonly client: WireClient;
}

export async function startPair(more: object = {}, settings: object = {}): Promise<Pair> {
  const bedroom = await startLive();
  const hub = await startHub({ remotes: [remoteTo('bedroom', bedroom, more)], settings });
  const client = await clientOf(hub, 1);
  return {
    bedroom,
    hub,
    client,
    async [Symbol.asyncDispose]() {
      client.webSocket.close();
      await hub[Symbol.asyncDispose]();
      await bedroom[Symbol.asyncDispose]();
    },
  };
}
