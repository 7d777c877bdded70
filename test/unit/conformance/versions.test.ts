import { describe, expect, it } from 'vitest';
import { obstacle } from '../../conformance/versions.js';
import { bach, bachWrite, caseOf, commands, messages, write } from './support.js';

/** Versions that can run the case, oldest first. */
const versionsFor = (steps: readonly string[], vibrators?: number) => {
  const deviceCase = caseOf(bach(...steps));
  return ([0, 1, 2, 3, 4] as const).filter((version) => obstacle(deviceCase, version, vibrators) === undefined);
};
const gate = (version: number, ...steps: string[]) =>
  `  - !VersionGated\n    min_spec_version: ${version}\n    commands:\n${steps.join('').replaceAll(/^/gm, '    ')}`.trimEnd() +
  '\n';
const vibrate = (...speeds: readonly number[]) =>
  messages(`!Vibrate [${speeds.map((Speed, Index) => `{ Index: ${Index}, Speed: ${Speed} }`).join(', ')}]`);
const scalar = messages('!Scalar [{ Index: 0, Scalar: 1, ActuatorType: Oscillate }]');
const stop = messages('!Stop');

describe('which client can run a case (conformance-format §5, §7)', () => {
  it.each([
    ['Vibrate and Stop', [vibrate(0.5), stop], [0, 1, 2, 3, 4]],
    ['an ungated Scalar', [vibrate(0.5), scalar], [3, 4]],
    ['a Scalar for version 3', [vibrate(0.5), gate(3, scalar)], [0, 1, 2, 3, 4]],
    ['an ungated Rotate', [messages('!Rotate [{ Index: 0, Speed: 1, Clockwise: true }]')], [1, 2, 3, 4]],
    ['an ungated Linear', [messages('!Linear [{ Index: 0, Duration: 1, Position: 1 }]')], [1, 2, 3, 4]],
    ['an ungated Battery', [messages('!Battery { expected_power: 1 }')], [2, 3, 4]],
    ['a Battery for version 2', [gate(2, messages('!Battery { expected_power: 1 }'))], [0, 1, 2, 3, 4]],
  ])('%s', (_what, steps, versions) => {
    expect(versionsFor(steps)).toEqual(versions);
  });

  describe('version 0 has one speed for all vibrators', () => {
    it.each([
      ['one vibrator', 1, [vibrate(0.5)], true],
      ['two that always run alike', 2, [vibrate(0.5, 0.5), stop, vibrate(1, 1)], true],
      ['two, one of them alone', 2, [vibrate(0.5)], false],
      ['two at different speeds', 2, [vibrate(0.5, 0.25)], false],
      ['two, one left behind', 2, [vibrate(0.5, 0.5), vibrate(1)], false],
      [
        'two, the second brought to what the first does',
        2,
        [vibrate(0.5, 0.5), messages('!Vibrate [{ Index: 1, Speed: 0.5 }]')],
        true,
      ],
      ['two, one of them started after a stop', 2, [vibrate(0.5, 0.5), stop, vibrate(0.5)], false],
      ['three, of which the case uses two', 3, [vibrate(0.5, 0.5)], false],
      ['an unknown number, of which the case uses two', undefined, [vibrate(0.5, 0.5)], true],
      ['an unknown number, of which newer clients use two', undefined, [vibrate(0.5), gate(3, vibrate(0.5, 1))], false],
    ])('%s', (_what, vibrators, steps, canRun) => {
      expect(versionsFor(steps, vibrators).includes(0)).toBe(canRun);
    });
  });

  describe('numbered packets shift when a step is left out', () => {
    const packet = (...bytes: string[]) => commands(...bytes.map((hex) => write('tx', hex, false)));
    it.each([
      ['numbered, with a gap', [gate(3, scalar, packet('00 aa', '01 aa')), stop, packet('02 aa')], [3, 4]],
      ['numbered past 255', [gate(3, scalar, packet('aa fe', 'aa ff')), stop, packet('aa 00')], [3, 4]],
      [
        'numbered, nothing follows the gap',
        [stop, packet('00 aa', '01 aa'), gate(3, scalar, packet('02 aa'))],
        [0, 1, 2, 3, 4],
      ],
      ['not numbered', [gate(3, scalar, packet('00 aa', '02 aa')), stop, packet('03 aa')], [0, 1, 2, 3, 4]],
      ['too few to tell', [gate(3, scalar, packet('00 aa')), stop, packet('01 aa')], [0, 1, 2, 3, 4]],
      ['numbered without a gate', [vibrate(1), packet('00 aa', '01 aa', '02 aa')], [0, 1, 2, 3, 4]],
    ])('%s', (_what, steps, versions) => {
      expect(versionsFor(steps)).toEqual(versions);
    });
  });

  it('says why', () => {
    expect(obstacle(caseOf(bach(scalar, commands(bachWrite('00')))), 1)).toBe(
      'clients of version 1 cannot send its Scalar',
    );
  });
});
