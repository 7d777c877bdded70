#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { refusalOfRuntime } from './cli/runtime.js';

const refusal = refusalOfRuntime(process.versions.node);
if (refusal === undefined) {
  // While everything is loaded, the engine's space for young objects would grow to its full size and stay so: 15 MB that an
  // idle gateway on a small machine has no use for. An `import` statement would load all of it before this line.
  setFlagsFromString('--semi-space-growth-factor=1');
  await import('./cli/program.js');
} else {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
}
