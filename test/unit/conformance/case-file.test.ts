import { describe, expect, it } from 'vitest';
import { stepsFor } from '../../conformance/case.js';
import { CaseFileError } from '../../conformance/case-file.js';
import { caseOf } from './support.js';

/** Everything the format allows itself in one file (facts: conformance-format, §1, YAML details). */
const ODD = `
user_device_config_file: "mine.json"
devices:
  - identifier:
      name: "火箭X7"   # not ASCII
      address: "Somewhere"
    expected_name: "Odd"
device_init:
  # a comment between steps
  - !Events
    device_index: 0
    events:
      - !Reads
          - endpoint: rxblemodel
            data: [0x10, 0x01a, 255,]
device_commands:
  - !Messages
      device_index: 0
      messages:
        - !Stop${' '}
        - !Vibrate
          - Index: 0
            Speed: .25
        - !Battery
          expected_power: 1
          run_async: true
  - !Commands
      device_index: 0
      commands:
        - !Write
            feature_id: d3dd2bf5-b029-4bc1-9466-39f82c2e3258
            endpoint: tx
            data: []
            write_with_response: false
`;

describe('reading a case', () => {
  it('copes with every way the format writes things', () => {
    const odd = caseOf(ODD);
    expect(odd).toMatchObject({
      name: 'made-up',
      userConfig: '/nowhere/config/mine.json',
      deviceConfig: undefined,
      devices: [{ identifier: { name: '火箭X7', address: 'Somewhere' }, expected_name: 'Odd' }],
      init: [{ tag: 'Events', value: { events: [{ tag: 'Reads', value: [{ data: [16, 26, 255] }] }] } }],
    });
    expect(odd.commands).toMatchObject([
      {
        tag: 'Messages',
        value: {
          messages: [
            { tag: 'Stop' },
            { tag: 'Vibrate', value: [{ Index: 0, Speed: 0.25 }] },
            { tag: 'Battery', value: { expected_power: 1, run_async: true } },
          ],
        },
      },
      { tag: 'Commands', value: { commands: [{ tag: 'Write', value: { endpoint: 'tx', data: [] } }] } },
    ]);
  });

  it('knows where a step stands', () => {
    const [first] = stepsFor(caseOf(ODD).commands, 4);
    // The line after the tag, where its first key is.
    expect(first?.line).toBe(ODD.split('\n').indexOf('  - !Messages') + 2);
  });

  it('takes a file without commands', () => {
    const bare = caseOf('devices: [{ identifier: { name: X } }]\ndevice_commands:\n  # nothing yet\n');
    expect(bare).toMatchObject({ init: [], commands: [] });
  });

  it('keeps gated steps, nested ones too, for clients that are new enough', () => {
    const gated = caseOf(`
devices: [{ identifier: { name: X } }]
device_commands:
  - !VersionGated
    min_spec_version: 2
    commands:
      - !Messages { device_index: 2, messages: [] }
      - !VersionGated
        min_spec_version: 3
        commands:
          - !Messages { device_index: 3, messages: [] }
  - !Messages { device_index: 0, messages: [] }
`);
    const kept = ([0, 1, 2, 3, 4] as const).map((version) =>
      stepsFor(gated.commands, version).map(({ value }) => value.device_index),
    );
    expect(kept).toEqual([[0], [0], [2, 0], [2, 3, 0], [2, 3, 0]]);
  });

  const broken = (step: string) => `devices: [{ identifier: { name: X } }]\ndevice_commands:\n  - ${step}\n`;
  it.each([
    ['what is not YAML', 'devices: [', /made-up\.yaml:\d+: /],
    ['an unknown tag', broken('!RSSI'), /made-up\.yaml:3: .*!RSSI/],
    ['a step that is none', broken('{ a: 1 }'), /made-up\.yaml:\?: not a device case/],
    [
      'a byte of 256',
      broken(
        '!Commands { device_index: 0, commands: [!Write { endpoint: tx, data: [256], write_with_response: true }] }',
      ),
      /made-up\.yaml:3: .*value\.commands\.0\.value\.data\.0 must be <= 255/,
    ],
    [
      'a speed of 2',
      broken('!Messages { device_index: 0, messages: [!Vibrate [{ Index: 0, Speed: 2 }]] }'),
      /Speed must be <= 1/,
    ],
    ['a case without devices', 'devices: []', /devices must not have fewer than 1/],
    [
      'a client before there is one',
      'devices: [{ identifier: { name: X } }]\ndevice_init:\n  - !VersionGated\n    min_spec_version: 1\n    commands:\n      - !Messages { device_index: 0, messages: [] }',
      /made-up\.yaml:6: there are no clients yet in device_init/,
    ],
  ])('refuses %s', (_what, text, sentence) => {
    expect(() => caseOf(text)).toThrow(CaseFileError);
    expect(() => caseOf(text)).toThrow(sentence);
  });
});
