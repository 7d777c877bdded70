import { describe, expect, it } from 'vitest';
import { clientOf, eventually, startHub, statusOf } from '../../support/remote/hub.js';
import { ScriptedServer, vibrator } from '../../support/remote/scripted-server.js';
import type { Message, WireClient } from '../../support/wire-client.js';

const levelOf = ({ Command }: Message[string]) => (Command as { Vibrate: { Value: number } }).Vibrate.Value;
const isWarning = (line: string) => (JSON.parse(line) as { level: number }).level === 40;
const twoMotors = {
  DeviceFeatures: Object.fromEntries(
    [0, 1].map((FeatureIndex) => [
      FeatureIndex,
      { FeatureIndex, FeatureDescription: '', Output: { Vibrate: { Value: [0, 100] } } },
    ]),
  ),
};
const vibrate = (client: WireClient, feature: number, value: number) =>
  client.output(0, feature, { Vibrate: { Value: value } });

describe('a remote that does not answer orders', () => {
  it('gets so many and no more, but every stop at once; when it answers, the newest of each output', async () => {
    const held: number[] = [];
    await using server = await ScriptedServer.start({
      devices: vibrator(0, 'Wand', twoMotors),
      answer: (name, { Id }) => {
        if (name !== 'OutputCmd') return { Ok: { Id } };
        held.push(Number(Id));
        return undefined;
      },
    });
    await using hub = await startHub({
      remotes: [{ name: 'garden', url: server.url }],
      settings: { maxUnanswered: 3 },
    });
    const client = await clientOf(hub, 1);
    for (const value of [1, 2, 3, 4, 5, 6]) await vibrate(client, 0, value);
    await vibrate(client, 1, 50);
    await vibrate(client, 1, 60);
    await eventually(() => server.all('OutputCmd').map(levelOf)).toEqual([1, 2, 3]);
    await vibrate(client, 0, 0);
    await eventually(() => server.all('OutputCmd').map(levelOf)).toEqual([1, 2, 3, 0]);
    await vibrate(client, 0, 7);
    await vibrate(client, 0, 8);
    server.answer = undefined;
    server.say(JSON.stringify(held.map((Id) => ({ Ok: { Id } }))));
    await eventually(() => server.all('OutputCmd').map(levelOf)).toEqual([1, 2, 3, 0, 60, 8]);
    await eventually(async () => (await statusOf(hub, 'garden'))?.orders).toMatchObject({ done: 6, replaced: 5 });
    client.webSocket.close();
  });

  it('is lost after a while', async () => {
    await using server = await ScriptedServer.start({
      devices: vibrator(),
      answer: (name, { Id }) => (name === 'OutputCmd' ? undefined : { Ok: { Id } }),
    });
    await using hub = await startHub({
      remotes: [{ name: 'garden', url: server.url }],
      settings: { answerTimeout: 300 },
    });
    const client = await clientOf(hub, 1);
    await vibrate(client, 0, 5);
    await eventually(() => hub.log.some((line) => line.includes('it has not answered an order for 300 ms'))).toBe(true);
    expect((await statusOf(hub, 'garden'))?.orders).toMatchObject({ unanswered: 1 });
    client.webSocket.close();
  });
});

describe('a remote that refuses orders', () => {
  it('is complained about once, and counted', async () => {
    await using server = await ScriptedServer.start({
      devices: vibrator(),
      answer: (name, { Id }) =>
        name === 'OutputCmd' ? { Error: { Id, ErrorCode: 4, ErrorMessage: 'not today' } } : { Ok: { Id } },
    });
    await using hub = await startHub({ remotes: [{ name: 'garden', url: server.url }] });
    const client = await clientOf(hub, 1);
    for (const value of [1, 2, 3, 0]) await vibrate(client, 0, value);
    await eventually(async () => (await statusOf(hub, 'garden'))?.orders).toMatchObject({ refused: 4 });
    const complaints = hub.log.filter((line) => line.includes('not today') && isWarning(line));
    expect(complaints).toHaveLength(1);
    expect((await statusOf(hub, 'garden'))?.state).toBe('connected');
    client.webSocket.close();
  });

  it('is disconnected when it refuses to stop what it has turned on', async () => {
    await using server = await ScriptedServer.start({
      devices: vibrator(),
      answer: (name, body) =>
        name === 'OutputCmd' && levelOf(body) === 0
          ? { Error: { Id: body.Id, ErrorCode: 4, ErrorMessage: 'never' } }
          : { Ok: { Id: body.Id } },
    });
    await using hub = await startHub({ remotes: [{ name: 'garden', url: server.url }] });
    const client = await clientOf(hub, 1);
    await vibrate(client, 0, 5);
    await vibrate(client, 0, 0);
    await eventually(() => server.sockets[0]?.readyState).toBe(3);
    expect(server.all('OutputCmd').map(levelOf).slice(0, 4)).toEqual([5, 0, 0, 0]);
    client.webSocket.close();
  });
});
