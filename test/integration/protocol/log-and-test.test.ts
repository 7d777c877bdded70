import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Booted, boot, type TestLine } from '../../support/boot.js';
import { exchange, failure, ok } from './support.js';

/** Test and RequestLog, which only versions 0 and 1 have (messages §2). */

describe.each([0, 1] as const)('v%i', (version) => {
  let gateway: Booted;
  let client: TestLine;
  beforeEach(async () => {
    gateway = await boot();
    client = await gateway.connect(version);
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  it.each(['Hello', '', 'error', 'ünïcödé \u0000 \ud800 "\\'])('Test returns %j as it was', async (TestString) => {
    expect(await client.ask({ Test: { Id: 5, TestString } })).toStrictEqual({ Test: { Id: 5, TestString } });
  });

  it('Test with the text "Error" asks for an Error', async () => {
    expect(await client.ask({ Test: { Id: 5, TestString: 'Error' } })).toEqual(failure(3, 5));
  });

  const levelsHeard = () => client.take().map(({ Log }) => Log?.LogLevel);
  /** One line of each kind, by what the gateway logs of other clients: a first refusal, a join, a second refusal. */
  const makeNoise = async () => {
    const other = await gateway.connect(4, 'noisy');
    await exchange(gateway, other, 'nonsense');
    await exchange(gateway, other, 'nonsense');
  };

  it.each([
    ['Trace', ['Info', 'Warn', 'Debug']],
    ['Debug', ['Info', 'Warn', 'Debug']],
    ['Info', ['Info', 'Warn']],
    ['Warn', ['Warn']],
    ['Error', []],
    ['Fatal', []],
    ['Off', []],
  ])('RequestLog at %s brings Log events of %j', async (LogLevel, levels) => {
    expect(await client.ask({ RequestLog: { Id: 5, LogLevel } })).toEqual(ok(5));
    await makeNoise();
    expect(levelsHeard()).toEqual(levels);
  });

  it('Log events have Id 0, a level and a text, and the last RequestLog counts', async () => {
    for (const LogLevel of ['Trace', 'Info', 'Info'])
      expect(await client.ask({ RequestLog: { Id: 5, LogLevel } })).toEqual(ok(5));
    await gateway.connect(4, 'neighbour');
    expect(client.take()).toStrictEqual([
      { Log: { Id: 0, LogLevel: 'Info', LogMessage: expect.stringContaining('neighbour') } },
    ]);
    expect(await client.ask({ RequestLog: { Id: 6, LogLevel: 'Off' } })).toEqual(ok(6));
    await makeNoise();
    expect(client.take()).toEqual([]);
  });

  it.each(['info', 'Loud', '', 'toString'])('RequestLog at %j is malformed: code 3', async (LogLevel) => {
    expect(await client.ask({ RequestLog: { Id: 5, LogLevel } })).toEqual(failure(3, 5));
  });
});
