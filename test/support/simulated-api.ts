import { expect } from 'vitest';
import { PATIENCE_MS } from './timing.js';

/** A simulated device, as `GET /api/simulated/<id>` shows it. */
export interface SimulatedState {
  readonly connected: boolean;
  readonly battery: number;
  readonly outputs: readonly SimulatedOutput[];
  readonly packets: readonly SimulatedPacket[];
}

export interface SimulatedOutput {
  readonly feature: number;
  readonly type: string;
  readonly level: number;
  readonly moving?: true;
}

interface SimulatedPacket {
  /** ISO 8601. */
  readonly time: string;
  readonly endpoint: string;
  readonly hex: string;
}

/** Looks at simulated devices from outside, over HTTP. */
export class SimulatedApi {
  constructor(private readonly origin: string) {}

  async state(id: string): Promise<SimulatedState> {
    const answer = await fetch(`${this.origin}/api/simulated/${id}`);
    if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as SimulatedState;
  }

  async output(id: string, feature: number): Promise<SimulatedOutput> {
    const { outputs } = await this.state(id);
    const found = outputs.find((output) => output.feature === feature);
    if (!found) throw new Error(`${id} has no output on feature ${feature}`);
    return found;
  }

  /** Waits until the gateway has this many devices. */
  async connected(count: number): Promise<void> {
    await expect
      .poll(async () => ((await (await fetch(`${this.origin}/health`)).json()) as { devices: number }).devices, {
        interval: 5,
        timeout: PATIENCE_MS,
      })
      .toBe(count);
  }

  /** Levels by feature index. */
  async levels(id: string): Promise<Record<number, number>> {
    const { outputs } = await this.state(id);
    return Object.fromEntries(outputs.map(({ feature, level }) => [feature, level]));
  }

  /** Waits until the output has this level. */
  async reaches(id: string, feature: number, level: number): Promise<void> {
    await expect
      .poll(async () => (await this.output(id, feature)).level, { interval: 5, timeout: PATIENCE_MS })
      .toBe(level);
  }

  /** Somebody touches the device. */
  sense(id: string, feature: number, value: number): Promise<void> {
    return this.#post(`${id}/sensors`, { feature, value });
  }

  /** The device's link drops; it is out of reach for so many seconds. */
  drop(id: string, awayFor: number): Promise<void> {
    return this.#post(`${id}/disconnect`, { awayFor });
  }

  async #post(path: string, body: object): Promise<void> {
    const answer = await fetch(`${this.origin}/api/simulated/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}
