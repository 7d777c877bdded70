import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { figure } from '#bench/support/figures';
import type { Scenario } from '#bench/support/scenario';
import { median } from '#bench/support/stats';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PROBE = pathOf('../support/catalogue-probe.mjs');
const built = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href;
const MODULES = ['core/plugin.js', 'plugins/protocols/index.js', 'core/catalogue/catalogue.js'].map(built);
const MB = 1024 * 1024;

interface Probed {
  readonly protocols: number;
  readonly loadMs: number;
  readonly heapBytes: number;
  readonly matchUs: number;
  readonly advertisements: number;
}

/** What all the device tables take, and how long it takes to see whose an advertisement is. */
export const catalogue: Scenario = async ({ runs }) => {
  const probed: Probed[] = [];
  for (let run = 0; run < runs; run += 1) {
    const args = ['--expose-gc', PROBE, ...MODULES];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: pathOf('../..') });
    probed.push(JSON.parse(stdout) as Probed);
  }
  const middle = (of: 'loadMs' | 'heapBytes' | 'matchUs') => median(probed.map((one) => one[of]));
  const detail = `${probed[0]?.protocols} protocols, files and all`;
  return [
    figure('loading the catalogue', middle('loadMs'), 'ms', { below: 150 }, detail),
    figure('heap of the catalogue', middle('heapBytes') / MB, 'MB', { below: 30 }, detail),
    figure(
      'finding whose an advertisement is',
      middle('matchUs'),
      'µs',
      { below: 20 },
      `${probed[0]?.advertisements} different ones, half of them nobody’s`,
    ),
  ];
};
