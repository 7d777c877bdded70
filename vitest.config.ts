import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests of one part without a process, a port or a clock of its own: they share workers, for loading takes longer than they do. */
const UNIT = 'test/unit/**/*.test.ts';
/** Tests that measure time, or run whole processes, have the machine to themselves, one file after the other. */
const TIMED = 'test/e2e/**/*.test.ts';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^pulsegate\/plugin$/, replacement: source('./core/plugin.ts') },
      { find: /^pulsegate\/mqtt$/, replacement: source('./plugins/transport-mqtt/connector/index.ts') },
      { find: /^pulsegate$/, replacement: source('./core/index.ts') },
    ],
  },
  test: {
    pool: 'forks',
    // isolated-vm crashes without it.
    execArgv: ['--no-node-snapshot'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'unit', include: [UNIT], isolate: false, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: [UNIT, TIMED],
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'timed', include: [TIMED], maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
