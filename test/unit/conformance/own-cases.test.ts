import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CaseStep, type DeviceCase, type HardwareCommand, stepsFor } from '../../conformance/case.js';
import { readCase } from '../../conformance/case-file.js';
import { runCase } from '../../conformance/run-case.js';
import { findCases, runSuite } from '../../conformance/suite.js';

const paths = await findCases(fileURLToPath(new URL('../../conformance/cases/', import.meta.url)));

type Expectation = Extract<HardwareCommand, { tag: 'Write' }>;
const writesOf = (steps: readonly CaseStep[]): Expectation[] =>
  stepsFor(steps, 4)
    .flatMap((step) => (step.tag === 'Commands' ? step.value.commands : []))
    .filter((command): command is Expectation => command.tag === 'Write');

/** The case with the last byte of its n-th expected packet changed. */
function spoilt(pristine: DeviceCase, n: number): DeviceCase {
  const copy = structuredClone(pristine);
  const write = expectations(copy)[n];
  if (write) write.value.data = [...write.value.data.slice(0, -1), Number(write.value.data.at(-1)) ^ 1];
  return copy;
}

const cases = await Promise.all(paths.map(readCase));
const expectations = ({ init, commands }: DeviceCase) => [...writesOf(init), ...writesOf(commands)];

describe("the project's own cases", () => {
  it.each(cases)('$name passes for every version it can work for', async ({ path }) => {
    const outcomes = await Array.fromAsync(runSuite([path]));
    expect(outcomes.filter(({ kind }) => kind !== 'passed' && kind !== 'left out')).toEqual([]);
    // Only clients of version 0 are too old for some of them.
    expect(outcomes.filter(({ kind }) => kind === 'passed').length).toBeGreaterThanOrEqual(4);
  });

  const talkative = cases.filter((deviceCase) => expectations(deviceCase).length > 0);
  it.each(talkative)('$name fails when any packet it expects is another', async (deviceCase) => {
    for (const n of expectations(deviceCase).keys()) {
      const { failure } = await runCase(spoilt(deviceCase, n), 4);
      expect(failure, `packet ${n + 1}`).toMatch('expected Write');
    }
  });
});
