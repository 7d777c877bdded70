import type { ScriptedGateway } from './boot-scripts.js';

/** An output of a simulated toy: the first of this type. */
export type WatchedOutput = readonly [toy: string, type: string];

/**
 * What outputs do over time: for each of them its level now and after every `stepMs`, for `forMs`. The end is not looked at: it
 * is the beginning of what comes next.
 */
export async function levelsOver(
  gateway: ScriptedGateway,
  outputs: readonly WatchedOutput[],
  { forMs, stepMs }: { readonly forMs: number; readonly stepMs: number },
): Promise<number[][]> {
  const levels: number[][] = outputs.map(() => []);
  for (let ms = 0; ms < forMs; ms += stepMs) {
    const now = await levelsNow(gateway, outputs);
    for (const [place, level] of now.entries()) levels[place]?.push(level);
    await gateway.advance(Math.min(stepMs, forMs - ms));
  }
  return levels;
}

/** The level of each of these outputs, in the device's own steps. */
export async function levelsNow(gateway: ScriptedGateway, outputs: readonly WatchedOutput[]): Promise<number[]> {
  const states = await Promise.all(outputs.map(async ([toy]) => (await gateway.booted.toy(toy)).outputs));
  return outputs.map(([toy, wanted], place) => {
    const output = states[place]?.find(({ type }) => type === wanted);
    if (!output) throw new Error(`${toy} has no ${wanted}`);
    return output.level;
  });
}
