import { expect } from 'vitest';
import { type LiveGateway, TESTBED } from '../live-gateway.js';
import { PATIENCE_MS } from '../timing.js';
import { decode, type OutputCase, obeys, type TestbedPacket } from './outputs.js';

/** Something that takes away whoever is in charge. */
export interface Cause {
  readonly name: string;
  /** The longest it may take until the device has stopped, by the gateway's promises, ms. */
  readonly withinMs: number;
  /** Everything up to the moment before: a client drives the output, and the device obeys. */
  begin(output: OutputCase): Promise<Stage>;
}

export interface Stage extends AsyncDisposable {
  /** Every packet that reached the device so far. */
  packets(): Promise<readonly TestbedPacket[]>;
  /** It happens. Resolves with the wall-clock moment from which time counts. */
  strike(): Promise<number>;
  /** Resolves when the gateway has dealt with it; rejects when it did not do so in the way that belongs to this cause. */
  settled(): Promise<void>;
}

/** Waits until the device has obeyed. */
export async function obeyed(packets: Stage['packets'], output: OutputCase): Promise<void> {
  const carriedOut = async () => (await packets()).some((packet) => obeys(output, packet));
  await expect.poll(carriedOut, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
}

/** What reached the simulated testbed of a gateway. */
export async function simulatedPackets({ simulated }: LiveGateway): Promise<readonly TestbedPacket[]> {
  const { packets } = await simulated.state(TESTBED);
  return packets.map(({ time, hex }) => decode(Date.parse(time), hex));
}

/** Waits until this many clients are left. */
export async function sessions(live: LiveGateway, count: number): Promise<void> {
  await expect.poll(() => live.metric('pulsegate_sessions'), { interval: 5, timeout: PATIENCE_MS }).toBe(count);
}
