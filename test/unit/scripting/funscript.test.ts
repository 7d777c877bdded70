import { describe, expect, it } from 'vitest';
import { parse } from '../../../core/scripting/sandbox/funscript-format.js';

const script = (fields: object) => parse(JSON.stringify(fields));
const positions = (fields: object) => script(fields).actions.map(({ position }) => position);

const UP_AND_DOWN = [
  { at: 0, pos: 0 },
  { at: 500, pos: 100 },
  { at: 1500, pos: 50 },
];

describe('reading a funscript', () => {
  it('reads a file as programs write it', () => {
    const text = `\uFEFF{
      "version": "1.0", "inverted": false, "range": 100,
      "metadata": { "creator": "somebody", "duration": 2 },
      "actions": [ { "at": 0, "pos": 0 }, { "at": 500.4, "pos": 100, "note": 1 }, { "at": 1500, "pos": 50 } ]
    }`;
    const { actions, duration } = parse(text);
    expect(actions).toEqual([
      { at: 0, position: 0 },
      { at: 500, position: 1 },
      { at: 1500, position: 0.5 },
    ]);
    expect(duration).toBe(1500);
  });

  it('puts actions in order, and of those at the same time the last one counts', () => {
    const { actions } = script({
      actions: [
        { at: 900, pos: 10 },
        { at: 100, pos: 20 },
        { at: 900, pos: 30 },
        { at: 899.9, pos: 40 },
      ],
    });
    expect(actions).toEqual([
      { at: 100, position: 0.2 },
      { at: 900, position: 0.4 },
    ]);
  });

  it('limits positions to the stroke', () => {
    expect(
      positions({
        actions: [
          { at: 0, pos: -5 },
          { at: 1, pos: 130 },
        ],
      }),
    ).toEqual([0, 1]);
  });

  it('turns an inverted one over, and shortens the stroke to its range', () => {
    expect(positions({ inverted: true, actions: UP_AND_DOWN })).toEqual([1, 0, 0.5]);
    expect(positions({ range: 90, actions: UP_AND_DOWN })).toEqual([0, 0.9, 0.45]);
    expect(positions({ range: 50, inverted: true, actions: UP_AND_DOWN })).toEqual([0.5, 0, 0.25]);
  });

  it('takes a range of 0 for one that was not set', () => {
    expect(positions({ range: 0, actions: UP_AND_DOWN })).toEqual([0, 1, 0.5]);
  });

  it('takes 200,000 actions and no more', () => {
    const many = (length: number) => ({ actions: Array.from({ length }, (_, at) => ({ at, pos: 50 })) });
    expect(script(many(200_000)).actions.length).toBe(200_000);
    expect(() => script(many(200_001))).toThrow('actions has 200001 entries; 200000 are the most that are read');
  });

  it.each([
    ['', /^The funscript is not JSON: /],
    ['{"actions": [', /^The funscript is not JSON: /],
    ['null', 'The funscript is null; expected is an object with a list of actions'],
    ['[]', 'The funscript is a list; expected is an object with a list of actions'],
    ['{}', 'actions is missing'],
    ['{"__proto__": {"actions": [{"at": 0, "pos": 0}]}}', 'actions is missing'],
    ['{"actions": {}}', 'actions is an object; expected is a list'],
    ['{"actions": []}', 'actions is empty: there is nothing to play'],
    ['{"actions": [3]}', 'actions[0] is 3; expected is an object with at and pos'],
    ['{"actions": [{"at": 0, "pos": 0}, {"pos": 5}]}', 'actions[1].at is missing'],
    ['{"actions": [{"at": -1, "pos": 0}]}', 'actions[0].at is -1; expected is a time from 0 to 86400000 ms'],
    ['{"actions": [{"at": 1e999, "pos": 0}]}', 'actions[0].at is Infinity; expected is a time from 0 to 86400000 ms'],
    ['{"actions": [{"at": 0, "pos": "half"}]}', 'actions[0].pos is "half"; expected is a number from 0 to 100'],
    ['{"actions": [{"at": 0, "pos": null}]}', 'actions[0].pos is null; expected is a number from 0 to 100'],
    ['{"actions": [{"at": 0, "pos": 0}], "inverted": "no"}', 'inverted is "no"; expected is true or false'],
    ['{"actions": [{"at": 0, "pos": 0}], "range": 101}', 'range is 101; expected is a number from 0 to 100'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('shortens what it quotes', () => {
    const pos = 'x'.repeat(1_000_000);
    expect(() => script({ actions: [{ at: 0, pos }] })).toThrow(
      `actions[0].pos is "${'x'.repeat(40)}…"; expected is a number from 0 to 100`,
    );
  });
});

describe('a funscript', () => {
  const funscript = script({
    actions: [
      { at: 100, pos: 20 },
      { at: 200, pos: 100 },
      { at: 700, pos: 0 },
    ],
  });

  it('is evenly on its way between two actions, and still outside', () => {
    const times = [-5, 0, 100, 150, 200, 450, 700, 5000];
    expect(times.map((ms) => funscript.positionAt(ms))).toEqual([0.2, 0.2, 0.2, 0.6, 1, 0.5, 0, 0]);
  });

  it('knows its speed, whichever way; at an action that of the stroke which begins', () => {
    const times = [0, 100, 199, 200, 699, 700, 5000];
    expect(times.map((ms) => funscript.speedAt(ms))).toEqual([0, 8, 8, 2, 2, 0, 0]);
  });

  it('has no position at no time', () => {
    expect(() => funscript.positionAt(Number.NaN)).toThrow('ms must be a finite number, not NaN');
  });
});
