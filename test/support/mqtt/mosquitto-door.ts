import type { Authority, Certificate } from './certificates.js';
import { freePort } from './free-port.js';
import { Mosquitto, type MosquittoOptions } from './mosquitto.js';

export type Scheme = 'mqtt' | 'mqtts' | 'ws' | 'wss';

export interface DoorOptions extends Omit<MosquittoOptions, 'config'> {
  readonly scheme: Scheme;
  /** What it shows to clients; mqtts and wss need it. */
  readonly server?: Certificate;
  /** Who vouches for clients: they need a certificate too. */
  readonly clients?: Authority;
}

/** A Mosquitto and another address of it. */
export interface Door extends AsyncDisposable {
  readonly broker: Mosquitto;
  readonly port: number;
  readonly url: string;
}

/** Its plain address stays: tests look in there, and Mosquitto 2.0.11 does not start with WebSockets alone. */
export async function openDoor({ scheme, server, clients, ...options }: DoorOptions): Promise<Door> {
  let port = 0;
  const broker = await Mosquitto.start({
    ...options,
    config: async () => {
      port = await freePort();
      return [
        `listener ${port} 127.0.0.1`,
        ...(scheme.startsWith('ws') ? ['protocol websockets'] : []),
        ...(server ? [`certfile ${server.cert}`, `keyfile ${server.key}`] : []),
        ...(clients ? [`cafile ${clients.file}`, 'require_certificate true'] : []),
      ].join('\n');
    },
  });
  return {
    broker,
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}
