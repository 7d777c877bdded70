import { parseArgs } from 'node:util';
import { catalogue } from '#bench/scenarios/catalogue';
import { crowd } from '#bench/scenarios/crowd';
import { hostile } from '#bench/scenarios/hostile';
import { latency } from '#bench/scenarios/latency';
import { memory } from '#bench/scenarios/memory';
import { missedPing } from '#bench/scenarios/missed-ping';
import { mqtt } from '#bench/scenarios/mqtt';
import { scripts } from '#bench/scenarios/scripts';
import { startup } from '#bench/scenarios/startup';
import { throughput } from '#bench/scenarios/throughput';
import { type Figure, table } from '#bench/support/figures';
import { LoadClient, startFloor } from '#bench/support/processes';
import type { Scenario } from '#bench/support/scenario';

/**
 * Measures the built gateway against its budgets, next to a bare WebSocket server in the same run. Verdicts are shown and nothing
 * more: what a busy or slow machine does is no reason to fail a build.
 *
 *   npm run bench -- [--quick] [--json] [--only NAME]…
 */

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  startup,
  throughput,
  latency,
  catalogue,
  crowd,
  memory,
  'missed-ping': missedPing,
  hostile,
  scripts,
  mqtt,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) },
  },
});

const note = (text: string) => process.stderr.write(`${text}\n`);

await using floor = await startFloor();
await using load = new LoadClient();
const figures: Figure[] = [];
for (const name of values.only) {
  const scenario = SCENARIOS[name];
  if (!scenario) {
    note(`There is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
    continue;
  }
  const startedAt = performance.now();
  figures.push(...(await scenario({ quick: values.quick, runs: values.quick ? 3 : 5, floor, load })));
  note(`${name}: measured in ${Math.round((performance.now() - startedAt) / 1000)} s`);
}
process.stdout.write(values.json ? `${JSON.stringify(figures, undefined, 2)}\n` : `\n${table(figures)}\n`);
