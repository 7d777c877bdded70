import { createHash } from 'node:crypto';
import type { AnnouncedFeature } from '../protocol/model.js';
import type { Device } from './device.js';

/** Who a connected device is, for those who show it to people or name topics after it. */
export interface DeviceCard {
  /** The index that clients know it by. */
  readonly index: number;
  /** Stable, and fit for a topic, a file name and a URL: `lovense-3fa2b1c9`. */
  readonly id: string;
  /** `lovense/P/00:82:05:9A:D3:BD` */
  readonly key: string;
  /** The model's name: `Lovense Edge`. */
  readonly name: string;
  /** The user's own name for it. */
  readonly displayName: string | undefined;
  readonly brand: string;
  readonly protocol: string;
  readonly identifier: string;
  readonly address: string;
  readonly features: readonly AnnouncedFeature[];
}

/** Eight hex digits: a household would need some ten thousand devices of one protocol before two are likely to share them. */
const ID_DIGITS = 8;

export function cardOf({ index, key, identity, announced, brand }: Device): DeviceCard {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, ID_DIGITS);
  const { name, displayName, features } = announced;
  return { index, id: `${identity.protocol}-${digest}`, key, name, displayName, brand, ...identity, features };
}
