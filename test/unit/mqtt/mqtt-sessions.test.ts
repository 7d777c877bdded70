import { describe, expect, it } from 'vitest';
import { Remembered } from '../../../plugins/transport-mqtt/sessions/remembered.js';
import { WAIT_MS } from '../../../plugins/transport-mqtt/sessions/sequence.js';
import { PING_TIME_MS, SessionStage } from '../../support/mqtt/session-stage.js';

const HELLO = '[{"RequestServerInfo":{"Id":1}}]';
const frame = (number: number) => `${number} [{"Ping":{"Id":${number}}}]`;
const ping = (number: number) => `[{"Ping":{"Id":${number}}}]`;

describe('a session over MQTT', () => {
  it('opens with number 1, says so, and is held to a ping time', () => {
    const stage = new SessionStage();
    stage.up(`1 ${HELLO}`);
    expect(stage.opened).toHaveLength(1);
    expect(stage.opened[0]?.options).toEqual({ maxPingTimeMs: PING_TIME_MS });
    expect(stage.opened[0]?.received).toEqual([HELLO]);
    expect(stage.down()).toEqual(['1 []']);
  });

  it('may open with an empty frame, of which the core hears nothing', () => {
    const stage = new SessionStage();
    stage.up('1 []');
    stage.up(`2 ${HELLO}`);
    expect(stage.opened[0]?.received).toEqual([HELLO]);
  });

  it('numbers what the gateway says', () => {
    const stage = new SessionStage();
    stage.up(`1 ${HELLO}`);
    stage.opened[0]?.connection.send('[{"ServerInfo":{}}]');
    stage.opened[0]?.connection.send('[{"DeviceList":{}}]');
    expect(stage.down()).toEqual(['1 []', '2 [{"ServerInfo":{}}]', '3 [{"DeviceList":{}}]']);
  });

  it('takes a repeated number once, and counts the rest', async () => {
    const stage = new SessionStage();
    for (const payload of ['1 []', '1 []', frame(2), frame(2), frame(3), frame(2), '1 []']) stage.up(payload);
    expect(stage.opened.map(({ received }) => received)).toEqual([[ping(2), ping(3)]]);
    expect(await stage.refused('repeated')).toBe(4);
  });

  it('puts in order what overtook something', () => {
    const stage = new SessionStage();
    for (const number of [1, 4, 3, 2, 5]) stage.up(frame(number));
    expect(stage.opened[0]?.received).toEqual([1, 2, 3, 4, 5].map(ping));
  });

  it('ends, and says so, when a message does not come', async () => {
    const stage = new SessionStage();
    for (const number of [1, 2, 4, 5]) stage.up(frame(number));
    await stage.clock.advance(WAIT_MS);
    expect(stage.opened[0]).toMatchObject({ received: [1, 2].map(ping), end: 'messages are missing' });
    expect(stage.down().at(-1)).toBe('2 closed messages are missing');
    stage.up(frame(3));
    expect(stage.opened[0]?.received).toEqual([1, 2].map(ping));
    expect(await stage.refused('missing')).toBe(1);
    expect(await stage.ended('messages missing')).toBe(1);
  });

  it('ends when the client is gone, and never opens again', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.gone();
    expect(stage.opened[0]?.end).toBe('the client is gone');
    for (const number of [1, 2, 1, 3]) stage.up(frame(number));
    expect(stage.opened).toHaveLength(1);
    expect(stage.opened[0]?.received).toEqual([ping(1)]);
    expect(await stage.refused('ended')).toBe(4);
    expect(stage.down()).toEqual(['1 []']);
  });

  it('does not open when its client was gone before', () => {
    const stage = new SessionStage();
    stage.gone();
    stage.up(frame(1));
    expect(stage.opened).toEqual([]);
  });

  it('ends with the connection to the broker; after it is back, nothing of it is taken, and the client is told once', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.broker.breaks();
    expect(stage.opened[0]?.end).toBe('the connection to the MQTT broker is lost');
    stage.broker.returns();
    for (const number of [2, 1, 3]) stage.up(frame(number));
    expect(stage.opened).toHaveLength(1);
    expect(stage.down()).toEqual(['1 []', '0 closed this session is over']);
    expect(await stage.ended('broker lost')).toBe(1);
  });

  it('makes room for a newer one of the same client, and stops first', async () => {
    const stage = new SessionStage();
    stage.up(frame(1), 'first');
    stage.onOpen = () => expect(stage.opened[0]?.end).toBe('another session of this client has begun');
    stage.up(frame(1), 'second');
    expect(stage.living.map(({ connection }) => connection.remote)).toEqual(['MQTT client ada/second']);
    expect(stage.down('first').at(-1)).toBe('2 closed another session of this client has begun');
    stage.up(frame(2), 'first');
    expect(stage.opened[0]?.received).toEqual([ping(1)]);
    expect(await stage.ended('taken over')).toBe(1);
  });

  it('of another client is left alone', () => {
    const stage = new SessionStage();
    stage.up(frame(1), 'one', 'ada');
    stage.up(frame(1), 'one', 'bob');
    expect(stage.living).toHaveLength(2);
  });

  it('ends when the broker does not take what the gateway says', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.broker.isConnected = false;
    stage.opened[0]?.connection.send('[{"Ok":{"Id":1}}]');
    await stage.clock.advance(0);
    expect(stage.opened[0]?.end).toBe('The MQTT broker is away');
  });

  it('says how much the broker has not taken, and ends when that is too much', () => {
    const stage = new SessionStage();
    stage.broker.isStalled = true;
    stage.up(frame(1));
    const { connection } = stage.opened[0] ?? expect.unreachable();
    const before = connection.bufferedBytes;
    connection.send('x'.repeat(1000));
    expect(connection.bufferedBytes - before).toBe(1002);
    for (let times = 0; times < 5; times += 1) connection.send('x'.repeat(1_000_000));
    expect(stage.opened[0]?.end).toBe('the broker takes its messages too slowly');
  });

  it('has nothing buffered once the broker has taken everything', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.opened[0]?.connection.send('[{"Ok":{"Id":1}}]');
    await stage.clock.advance(0);
    expect(stage.opened[0]?.connection.bufferedBytes).toBe(0);
  });

  it('is closed in order: what was said before comes before', () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    const { connection } = stage.opened[0] ?? expect.unreachable();
    connection.send('[{"Ok":{"Id":1}}]');
    connection.close({ kind: 'normal', text: 'the client asked for it' });
    connection.send('[{"Ok":{"Id":2}}]');
    expect(stage.down()).toEqual(['1 []', '2 [{"Ok":{"Id":1}}]', '3 closed the client asked for it']);
    expect(stage.opened[0]?.end).toBe('the client asked for it');
  });

  it('hears a client out that broke a rule, for a moment', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.opened[0]?.connection.close({ kind: 'policy', text: 'ping missed' });
    stage.up(frame(2));
    expect(stage.opened[0]?.received).toEqual([ping(1), ping(2)]);
    await stage.clock.advance(100);
    expect(stage.down()).toEqual(['1 []', '2 closed ping missed']);
    expect(stage.opened[0]?.end).toBe('ping missed');
  });

  it('leaves no timer behind when it ends while it waits for something', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.up(frame(3));
    stage.opened[0]?.connection.close({ kind: 'policy', text: 'ping missed' });
    stage.gone();
    expect(stage.clock.waiting).toBe(0);
  });

  it('may be turned away by the core as it opens', async () => {
    const stage = new SessionStage();
    stage.onOpen = ({ connection }) => connection.close({ kind: 'going-away', text: 'the gateway is shutting down' });
    stage.up(frame(1));
    expect(stage.down()).toEqual(['1 []', '2 closed the gateway is shutting down']);
    expect(stage.opened[0]?.received).toEqual([]);
    expect(await stage.count()).toBe(0);
  });

  it('ends with a frame that is too large', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.up(Buffer.from(`2 ["${'x'.repeat(1_048_576)}"]`));
    expect(stage.opened[0]).toMatchObject({ received: [ping(1)], end: 'a frame has at most 1048576 bytes' });
    expect(await stage.refused('too large')).toBe(1);
  });

  it('goes on when somebody publishes junk on its topic', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    for (const junk of ['', 'x', '0 []', '-1 []', '2', '2 ', '[]']) stage.up(junk);
    stage.up(frame(2));
    expect(stage.living[0]?.received).toEqual([ping(1), ping(2)]);
    expect(await stage.refused('malformed')).toBe(7);
  });

  it('ends with the plugin, and is told', async () => {
    const stage = new SessionStage();
    stage.up(frame(1));
    stage.sessions[Symbol.dispose]();
    expect(stage.living).toEqual([]);
    expect(stage.down().at(-1)).toBe('2 closed this transport has stopped');
    expect(stage.broker.listeners).toBe(0);
    expect(stage.registry.getMetricsAsArray()).toEqual([]);
    expect(stage.clock.waiting).toBe(0);
  });
});

describe('somebody without a session', () => {
  it('who goes on with one that never began is told so once, and cannot begin it later', async () => {
    const stage = new SessionStage();
    for (const number of [2, 3, 1]) stage.up(frame(number));
    expect(stage.opened).toEqual([]);
    expect(stage.down()).toEqual([
      '0 closed there is no such session; a session has a new name and begins with number 1',
    ]);
    expect(await stage.refused('unknown')).toBe(3);
  });

  it('who writes it wrong is told how it is done, and may try again', () => {
    const stage = new SessionStage();
    stage.up(HELLO);
    expect(stage.down()).toEqual([
      '0 closed a payload is a number, a space and a frame: 1 [{"RequestServerInfo":{…}}]',
    ]);
    stage.up(`1 ${HELLO}`);
    expect(stage.living[0]?.received).toEqual([HELLO]);
  });

  it.each(['a b', 'a+', 'ä', '', 'x'.repeat(65), '#'])('cannot be called %j', async (name) => {
    const stage = new SessionStage();
    stage.up(frame(1), name, 'ada');
    stage.up(frame(1), 'one', name);
    expect(stage.opened).toEqual([]);
    expect(stage.broker.published).toEqual([]);
  });

  it('is not answered without end', async () => {
    const stage = new SessionStage();
    for (let at = 0; at < 5000; at += 1) stage.up(frame(2), `session-${at}`, `client-${at}`);
    expect(stage.broker.published).toHaveLength(20);
    await stage.clock.advance(1000);
    for (let at = 0; at < 5000; at += 1) stage.up('junk', `session-${at}`, `other-${at}`);
    expect(stage.broker.published).toHaveLength(30);
  });

  it('cannot open sessions without end, and gets one a moment later', async () => {
    const stage = new SessionStage();
    for (let at = 0; at < 5000; at += 1) stage.up(frame(1), `session-${at}`, `client-${at}`);
    expect(stage.opened).toHaveLength(200);
    expect(await stage.refused('too many')).toBe(4800);
    await stage.clock.advance(1000);
    stage.up(frame(1), 'session-4999', 'client-4999');
    expect(stage.opened).toHaveLength(201);
  });
});

it('what is remembered of sessions has a limit, and the oldest goes first', () => {
  const remembered = new Remembered<number>(3);
  for (const [at, name] of ['a', 'b', 'c', 'a', 'd'].entries()) remembered.set(name, at);
  expect(['a', 'b', 'c', 'd'].map((name) => remembered.get(name))).toEqual([3, undefined, 2, 4]);
});
