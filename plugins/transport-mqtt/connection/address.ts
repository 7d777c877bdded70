import type { Duplex } from 'node:stream';

/** 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

/** Where the broker is. */
export interface BrokerAddress {
  readonly url: string;
  /** For people, without name and password. */
  readonly shown: string;
  /** For a broker in this process. */
  readonly stream?: () => Promise<Duplex>;
  /** What it speaks, where that is known beforehand. */
  readonly version?: MqttVersion;
}

/** For people. */
export function withoutCredentials(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.protocol}//${url.host}` : 'a broker whose address is none';
}
