import { afterAll, describe, expect, it } from 'vitest';
import { describeMosquitto } from '../support/mqtt/describe-mosquitto.js';
import { clientCauses } from '../support/stop/client-causes.js';
import { gatewayCauses } from '../support/stop/gateway-causes.js';
import { mqttCauses } from '../support/stop/mqtt-causes.js';
import { isStop, OUTPUTS, type OutputCase, restsByItself } from '../support/stop/outputs.js';
import { scriptCauses } from '../support/stop/script-causes.js';
import type { Cause, Stage } from '../support/stop/stage.js';
import { keepsPromise, PATIENCE_MS } from '../support/timing.js';

/**
 * The one rule above all: no output stays on when nobody is in charge of it. Every way to lose whoever is in charge, times every
 * kind of output, on real sockets, in real processes, in real time.
 */

const causes: readonly Cause[] = [...clientCauses, ...scriptCauses, ...gatewayCauses, ...mqttCauses];
/** How long it took, ms, by cause and output. */
const took = new Map<string, Map<string, string>>(causes.map(({ name }) => [name, new Map()]));

const endsEveryOutput = ({ name, withinMs, begin }: Cause) => {
  it.each(OUTPUTS)('ends $name', async (output) => {
    const duration = await keepsPromise(withinMs, async () => {
      await using stage = await begin(output);
      return await measure(stage, output);
    });
    took.get(name)?.set(output.name, restsByItself(output) ? 'rests' : String(duration));
  });
};

describe.each([...clientCauses, ...scriptCauses, ...gatewayCauses])('$name', endsEveryOutput);
describeMosquitto('over MQTT', () => {
  describe.each(mqttCauses)('$name', endsEveryOutput);
});

/** Strikes, and resolves with how long it took until the stop reached the device, ms. */
async function measure(stage: Stage, output: OutputCase): Promise<number> {
  const { length: before } = await stage.packets();
  const struckAt = await stage.strike();
  const since = async () => (await stage.packets()).slice(before).filter(({ feature }) => feature === output.feature);

  if (!restsByItself(output)) {
    await expect.poll(since, { interval: 5, timeout: PATIENCE_MS }).not.toEqual([]);
  }
  await stage.settled();
  const packets = await since();
  expect(packets.filter((packet) => !isStop(packet))).toEqual([]);
  if (restsByItself(output)) expect(packets, 'a position that nobody asked for').toEqual([]);
  return (packets[0]?.time ?? struckAt) - struckAt;
}

afterAll(() => {
  const [narrow, wide] = [10, Math.max(...causes.map(({ name }) => name.length))];
  const short = OUTPUTS.map(({ name }) => name.replace('Rotate, ', '').replace('WithDuration', '').slice(0, narrow));
  const row = (first: string, cells: readonly string[]) =>
    `${first.padEnd(wide)} ${cells.map((cell) => cell.padStart(narrow)).join(' ')}\n`;
  const lines = causes.map((cause) =>
    row(cause.name, [
      ...OUTPUTS.map((output) => took.get(cause.name)?.get(output.name) ?? 'failed'),
      String(cause.withinMs),
    ]),
  );
  process.stdout.write(`\nFrom losing whoever was in charge to the stop at the device, ms\n`);
  process.stdout.write([row('', [...short, 'promised']), ...lines].join(''));
});
