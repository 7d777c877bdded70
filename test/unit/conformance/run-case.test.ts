import { describe, expect, it } from 'vitest';
import { SPEC_VERSIONS } from '../../../core/protocol/model.js';
import { runCase } from '../../conformance/run-case.js';
import { bach, bachWrite, buzz, caseOf, commands, events, failureOf, messages, write } from './support.js';

const bachCase = bach(buzz(0.5), commands(bachWrite('32')), messages('!Stop'), commands(bachWrite('00')));
const headOf = (name: string, ...more: string[]) =>
  ['devices:', `  - identifier: { name: ${name} }`, ...more, ''].join('\n');
/** A case of its own kind: `head`, what happens while it connects, and then. */
const caseText = (head: string, init: string[], ...steps: string[]) =>
  `${head}${init.length > 0 ? `device_init:\n${init.join('')}` : ''}device_commands:\n${steps.join('') || '  []\n'}`;

const lovenseInit = [
  commands('!Subscribe { endpoint: rx }', write('tx', '44 65 76 69 63 65 54 79 70 65 3b', false)),
  // "Z:11:0082059AD3BD;"
  events(
    '!Notifications [{ endpoint: rx, data: [90, 58, 49, 49, 58, 48, 48, 56, 50, 48, 53, 57, 65, 68, 51, 66, 68, 59] }]',
  ),
];

describe('a case that goes well', () => {
  it.each(SPEC_VERSIONS)('passes for a client of version %i', async (version) => {
    expect(await failureOf(bachCase, version)).toBeUndefined();
  });

  it('tells how many vibrators there are, to clients that can know', async () => {
    const vibrators = await Promise.all(
      SPEC_VERSIONS.map(async (version) => (await runCase(caseOf(bachCase), version)).vibrators),
    );
    expect(vibrators).toEqual([undefined, 1, 1, 1, 1]);
  });

  it('ignores what nobody asked about at its end (conformance-format §4)', async () => {
    expect(await failureOf(bach(buzz(0.5)))).toBeUndefined();
  });
});

describe('a case that does not', () => {
  it.each([
    ['another level', '32', '06 03 33'],
    ['a byte too many', '32', '06 03 32 00'],
    ['another place for the same bytes', '32', '32 03 06'],
  ])('fails over %s', async (_what, got, hex) => {
    const failure = await failureOf(bach(buzz(0.5), commands(write('tx', hex, true))));
    expect(failure).toContain(`command 1 of 1: expected Write tx with response [${hex}] "`);
    expect(failure).toContain(`, got Write tx with response [06 03 ${got}] "..2"`);
  });

  it('fails over a write without response where one is asked for', async () => {
    const failure = await failureOf(bach(buzz(0.5), commands(write('tx', '06 03 32', false))));
    expect(failure).toMatch(/expected Write tx without response .* got Write tx with response/);
  });

  it('fails over another endpoint', async () => {
    expect(await failureOf(bach(buzz(0.5), commands(write('rx', '06 03 32', true))))).toMatch(
      /expected Write rx .* got Write tx/,
    );
  });

  it('fails over a subscription where a write is asked for', async () => {
    expect(await failureOf(bach(buzz(0.5), commands('!Subscribe { endpoint: tx }')))).toMatch(
      /expected Subscribe tx, got Write tx/,
    );
  });

  it('fails over a write that does not come', async () => {
    const failure = await failureOf(bach(buzz(0.5), commands(bachWrite('32'), bachWrite('32'))));
    expect(failure).toMatch(/command 2 of 2: expected Write tx .*, got nothing within 500 ms/);
  });

  it('fails over a write too many, even if the right one follows', async () => {
    expect(await failureOf(bach(buzz(0.5), buzz(1), commands(bachWrite('64'))))).toMatch(
      /\[06 03 64\] .* got .*\[06 03 32\]/,
    );
  });

  it('fails over a repetition that nobody should send (server-behaviour §6.3)', async () => {
    expect(await failureOf(bach(buzz(0.5), commands(bachWrite('32')), buzz(0.5), commands(bachWrite('32'))))).toMatch(
      'got nothing',
    );
  });

  it('fails over the wrong order of two packets', async () => {
    const swapped = caseText(
      headOf('Pulsegate Testbed'),
      [],
      messages('!Vibrate [{ Index: 0, Speed: 1 }]', '!Rotate [{ Index: 0, Speed: 1, Clockwise: true }]'),
      commands(write('tx', '01 01 00 14', false), write('tx', '01 00 00 14', false)),
    );
    expect(await failureOf(swapped)).toMatch(/command 1 of 2: expected .*\[01 01 00 14\].* got .*\[01 00 00 14\]/);
  });

  it('names the step, by the line of its first key', async () => {
    const text = bach(buzz(0.5), commands(bachWrite('99')));
    const line = text.split('\n').indexOf('  - !Commands') + 2;
    expect(await failureOf(text)).toMatch(new RegExp(`^made-up\\.yaml:${line}: `));
  });

  it('fails over a name', async () => {
    const named = (name: string) => caseText(headOf('Bach smart', `    expected_name: ${name}`), []);
    expect(await failureOf(named('Vorze Bach'))).toBeUndefined();
    expect(await failureOf(named('Vorze Brahms'))).toBe(
      'made-up.yaml: name: expected "Vorze Brahms", got "Vorze Bach"',
    );
  });

  it('fails over a display name, where the version has one', async () => {
    const text = caseText(headOf('Bach smart', '    expected_display_name: My Bach'), []);
    for (const version of [3, 4] as const)
      expect(await failureOf(text, version)).toMatch('display name: expected "My Bach", got none');
    for (const version of [0, 1, 2] as const) expect(await failureOf(text, version)).toBeUndefined();
  });

  it('fails over an Error in place of Ok', async () => {
    // The old client does not look at the value, so the gateway has to.
    const tooMuch = bach(messages('!Scalar [{ Index: 0, Scalar: 1.5, ActuatorType: Vibrate }]'));
    expect(await failureOf(tooMuch, 3)).toMatch(/ScalarCmd was answered with Error 4: ScalarCmd\.Scalar is 1\.5/);
    expect(await failureOf(tooMuch, 4)).toMatch(/OutputCmd was answered with Error 4: /);
  });

  it('fails over what the client refuses to send', async () => {
    const second = bach(messages('!Vibrate [{ Index: 1, Speed: 1 }]'));
    expect(await failureOf(second, 3)).toMatch(/:\d+: the client refuses VibrateCmd for 1: the device announces 1$/);
  });

  it('fails over a device that nobody claims', async () => {
    expect(await failureOf(caseText(headOf('Nobody Knows Me'), []))).toBe('made-up.yaml: no device after 300 ms');
  });

  it('fails over a device that cannot be prepared, and says why', async () => {
    expect(await failureOf(caseText(headOf('HISMITH'), []))).toMatch(
      /no device after 300 ms; could not connect: rxblemodel is read, but the case has nothing to be read/,
    );
  });

  it('fails over a device the case does not have', async () => {
    expect(await failureOf(bach('  - !Events { device_index: 1, events: [!Disconnect] }\n'))).toMatch(
      'the case has no device 1',
    );
  });
});

describe('what the hardware does', () => {
  const read = (...entries: string[]) => events(`!Reads [${entries.join(', ')}]`);
  const boost = (...steps: string[]) => caseText(headOf('Boost'), [], ...steps);
  const batteryOf = (level: number) => messages(`!Battery { expected_power: ${level} }`);

  it.each([2, 3, 4] as const)('is read, and a client of version %i hears of it', async (version) => {
    const charged = read('{ endpoint: rxblebattery, data: [87] }');
    expect(await failureOf(boost(charged, batteryOf(0.87)), version)).toBeUndefined();
    expect(await failureOf(boost(charged, batteryOf(0.88)), version)).toMatch('battery: expected 0.88, got 0.87');
  });

  it('is read in the order of the case, whatever the endpoint', async () => {
    const other = read('{ endpoint: rxpressure, data: [1] }', '{ endpoint: rxblebattery, data: [87] }');
    expect(await failureOf(boost(other, batteryOf(0.87)))).toMatch(
      'InputCmd was answered with Error 4: rxblebattery is read, but the case has something for rxpressure',
    );
    expect(await failureOf(boost(batteryOf(0.87)))).toMatch(
      'rxblebattery is read, but the case has nothing to be read',
    );
  });

  it('may come after the read, for a reply that nobody waits for', async () => {
    const later = (level: number) =>
      boost(
        messages('!Battery { expected_power: 0.4, run_async: true }'),
        read(`{ endpoint: rxblebattery, data: [${level}] }`),
      );
    expect(await failureOf(later(40))).toBeUndefined();
    expect(await failureOf(later(41))).toMatch('battery: expected 0.4, got 0.41');
    expect(await failureOf(boost(messages('!Battery { expected_power: 0.4, run_async: true }')))).toMatch(
      'has nothing to be read',
    );
  });

  it('is heard while subscribed, as when a Lovense toy is asked for its type', async () => {
    expect(await failureOf(caseText(headOf('LVS-X', '    expected_name: Lovense Hush'), lovenseInit))).toBeUndefined();
  });

  it('counts connecting traffic like any other', async () => {
    expect(await failureOf(caseText(headOf('T528-LT'), [], commands(write('tx', '02 00', true))))).toMatch(
      /expected .*\[02 00\].* got .*\[04 01\]/,
    );
  });

  it.each(SPEC_VERSIONS)('can go away, and a client of version %i knows', async (version) => {
    const gone = bach(buzz(0.5), commands(bachWrite('32')), events('!Disconnect'), buzz(1));
    expect(await failureOf(gone, version)).toMatch(/:\d+: the client knows no device 0$/);
  });
});

describe('time', () => {
  const leten = (...steps: string[]) =>
    caseText(headOf('T528-LT'), [commands(write('tx', '04 01', true))], commands(write('tx', '02 00', true)), ...steps);
  const level = (hex: string) => commands(write('tx', `02 ${hex}`, true));

  it('does not bring a keepalive between the steps (conformance-format §6)', async () => {
    const levels = Array.from({ length: 60 }, (_, place) => 1 + (place % 2));
    const steps = levels.flatMap((step) => [buzz(step / 25), level(step.toString(16).padStart(2, '0'))]);
    expect(await failureOf(leten(...steps))).toBeUndefined();
  });

  it('brings together what is said at one time, and the last word wins', async () => {
    expect(
      await failureOf(
        bach(
          messages('!Vibrate [{ Index: 0, Speed: 0.5 }]', '!Vibrate [{ Index: 0, Speed: 1 }]'),
          commands(bachWrite('64')),
        ),
      ),
    ).toBeUndefined();
  });

  it('passes between two steps', async () => {
    expect(await failureOf(bach(buzz(0.5), buzz(1), commands(bachWrite('32'), bachWrite('64'))))).toBeUndefined();
  });

  it('ends a timed move before the next step, so that a stop finds nothing to hold', async () => {
    const piston = caseText(
      headOf('VorzePiston'),
      [],
      messages('!Linear [{ Index: 0, Position: 1, Duration: 5000 }]'),
      messages('!Stop'),
      messages('!Linear [{ Index: 0, Position: 0, Duration: 1000 }]'),
      commands(write('tx', '03 63 00', true), write('tx', '03 00 04', true)),
    );
    for (const version of [1, 2, 3, 4] as const) expect(await failureOf(piston, version)).toBeUndefined();
  });

  it('waits out the gap that a definition sets for itself', async () => {
    const handy = caseText(
      headOf('The Handy'),
      [],
      messages('!Linear [{ Index: 0, Position: 0, Duration: 1 }]'),
      messages('!Linear [{ Index: 0, Position: 0, Duration: 2 }]'),
      commands(
        write('tx', '0a 09 9a 19 06 08 02 1a 02 10 01', true),
        write('tx', '0a 09 9a 19 06 08 02 1a 02 10 02', true),
      ),
    );
    expect(await failureOf(handy)).toBeUndefined();
  });
});
