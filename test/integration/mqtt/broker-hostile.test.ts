import { once } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BrokerStage, type Listener, packets, startBroker, USERS } from '../../support/mqtt/embedded-broker.js';
import { PATIENCE_MS } from '../../support/timing.js';

const poll = (read: () => unknown) => expect.poll(read, { interval: 5, timeout: PATIENCE_MS });

/** Resolves when the broker has let go of it. */
async function isCut(socket: Socket): Promise<void> {
  socket.resume();
  await poll(() => socket.readableEnded || socket.destroyed).toBe(true);
}

/** Two clients talk to each other as if nothing were. */
class Bystanders implements AsyncDisposable {
  #count = 0;

  private constructor(
    private readonly talker: Listener,
    private readonly listener: Listener,
  ) {}

  static async of(stage: BrokerStage): Promise<Bystanders> {
    const listener = await stage.connect({ clientId: 'listener' });
    await listener.subscribe('bystanders/#', 1);
    return new Bystanders(await stage.connect({ clientId: 'talker' }), listener);
  }

  async areUndisturbed(): Promise<void> {
    this.#count += 1;
    await this.talker.client.publishAsync(`bystanders/${this.#count}`, 'x', { qos: 1 });
    await this.listener.hears(`bystanders/${this.#count}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.talker[Symbol.asyncDispose]();
    await this.listener[Symbol.asyncDispose]();
  }
}

const crowd = (count: number) => Array.from({ length: count }, (_, n) => `x/${n}`);
const huge = (bytes: number) => Buffer.from([0x30, (bytes & 0x7f) | 0x80, ((bytes >> 7) & 0x7f) | 0x80, bytes >> 14]);

describe('the embedded broker', () => {
  it.each<[string, string | undefined, Uint8Array[]]>([
    ['another protocol', 'malformed', [Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')]],
    [
      'what a web page can make a browser send, with MQTT in it',
      'malformed',
      [Buffer.from('POST / HTTP/1.1\r\n\r\n'), packets.connect('page'), packets.publish('bystanders/page', 'x')],
    ],
    ['zeros', 'malformed', [Buffer.alloc(100)]],
    ['a length of five bytes', 'too-large', [Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01])]],
    ['the head of a packet that is too large', 'too-large', [packets.connect('a'), huge(2_000_000)]],
    ['a message before saying who it is', 'malformed', [packets.publish('a', 'x')]],
    ['two greetings', 'malformed', [packets.connect('twice'), packets.connect('twice')]],
    ['an unknown protocol version', 'malformed', [Buffer.from([0x10, 12, 0, 4, 77, 81, 84, 84, 9, 2, 0, 0, 0, 0])]],
    ['a greeting that is cut short', 'malformed', [Buffer.from([0x10, 4, 0, 4, 77, 81])]],
    ['an id of 64 KB', 'too-large', [packets.connect('x'.repeat(65_535))]],
    ['an id of 300 characters', 'client-id', [packets.connect('x'.repeat(300))]],
    ['80 000 subscriptions in a packet', 'too-large', [packets.connect('a'), packets.subscribe(crowd(80_000))]],
    ['a message to no topic', 'malformed', [packets.connect('a'), packets.publish('', 'x')]],
    ['a message to a wildcard', 'malformed', [packets.connect('a'), packets.publish('a/+', 'x')]],
    ['a topic of 64 KB', 'publish', [packets.connect('a'), packets.publish('a'.repeat(65_535), 'x')]],
    ['a topic of a thousand levels', 'malformed', [packets.connect('a'), packets.publish('a/'.repeat(400), 'x')]],
    ['a filter of a thousand levels', 'malformed', [packets.connect('a'), packets.subscribe(['a/'.repeat(400)])]],
    ['a NUL in a topic', 'publish', [packets.connect('a'), packets.publish('a\0b', 'x')]],
    ['a reserved packet', 'malformed', [packets.connect('a'), Buffer.from([0xf0, 0])]],
    ['a packet that only brokers send', undefined, [packets.connect('a'), Buffer.from([0x20, 2, 0, 0])]],
    ['a quality of service that does not exist', 'malformed', [packets.connect('a'), Buffer.from([0x36, 3, 0, 1, 97])]],
  ])('puts out a client that sends %s, and that client alone', async (_what, reason, sent) => {
    await using stage = await startBroker();
    await using bystanders = await Bystanders.of(stage);
    const socket = await stage.raw(...sent);
    await isCut(socket);
    await bystanders.areUndisturbed();
    if (reason) expect(await stage.refused(reason)).toBe(1);
    await stage.reaches('connections', 2);
  });

  it('lives through anything at all', { timeout: 60_000 }, async () => {
    await using stage = await startBroker({ maxConnections: 1000, maxPending: 500 });
    await using bystanders = await Bystanders.of(stage);
    const byte = fc.oneof(fc.nat(255), fc.nat(4));
    const frame = fc
      .tuple(fc.nat(15), fc.oneof(fc.constantFrom(0, 2), fc.nat(15)), fc.array(byte, { maxLength: 40 }))
      .map(([type, flags, body]) => Buffer.from([(type << 4) | flags, body.length, ...body]));
    const login = fc.constantFrom(
      [],
      [packets.connect('junk')],
      [packets.connect('junk away', { flags: 0 })],
      // MQTT 5
      [Buffer.from([0x10, 14, 0, 4, 77, 81, 84, 84, 5, 2, 0, 0, 0, 0, 1, 97])],
    );
    const junk = fc.tuple(login, fc.array(fc.oneof(frame, fc.uint8Array({ maxLength: 50 })), { maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { minLength: 5, maxLength: 5 }), async (clients) => {
        const sockets = await Promise.all(clients.map(([hello, frames]) => stage.raw(...hello, ...frames)));
        for (const socket of sockets) {
          socket.resume();
          socket.end();
        }
        await Promise.all(sockets.map((socket) => isCut(socket)));
        for (const socket of sockets) socket.destroy();
      }),
      { numRuns: 150 },
    );
    await bystanders.areUndisturbed();
    expect(stage.live.gateway.plugins.find(({ name }) => name === 'mqtt-broker')?.state).toBe('running');
  });

  it('takes a packet as large as it may be, and none that is larger', async () => {
    await using stage = await startBroker({ maxPayload: 10_000 });
    await using listener = await stage.connect();
    await listener.subscribe('size');
    const head = Buffer.byteLength('size') + 2 + 3;
    await using talker = await stage.connect();
    await talker.client.publishAsync('size', Buffer.alloc(10_000 - head, 'x'));
    await listener.hears('size');
    talker.client.publish('size', Buffer.alloc(10_001 - head, 'x'));
    await talker.isCut();
    expect(listener.topics).toEqual(['size']);
  });

  it('does not wait for ever for a greeting, nor for the rest of a packet', async () => {
    await using stage = await startBroker({ connectTimeout: 200 });
    await using bystanders = await Bystanders.of(stage);
    const silent = await stage.raw();
    const halfGreeting = await stage.raw(packets.connect('half').subarray(0, 8));
    const halfMessage = await stage.raw(
      packets.connect('whole'),
      packets.publish('a', 'x'.repeat(100)).subarray(0, 50),
    );
    const dribbling = await stage.raw(packets.connect('dribble'));
    const drops = [...packets.publish('a', 'x'.repeat(120))].map((byte) => Uint8Array.of(byte));
    const dribble = setInterval(() => dribbling.write(drops.shift() ?? ''), 20);
    for (const socket of [silent, halfGreeting, halfMessage, dribbling]) await isCut(socket);
    clearInterval(dribble);
    expect(drops.length).toBeGreaterThan(0);
    expect(await stage.refused('connect-timeout')).toBeGreaterThanOrEqual(1);
    expect(await stage.refused('packet-timeout')).toBeGreaterThanOrEqual(1);
    expect((await stage.refused('connect-timeout')) + (await stage.refused('packet-timeout'))).toBe(4);
    await bystanders.areUndisturbed();
  });

  it('lets those who say nothing make room for those who come later', async () => {
    await using stage = await startBroker({ maxPending: 5 });
    const silent: Socket[] = [];
    for (let n = 0; n < 50; n += 1) silent.push(await stage.raw());
    await using bystanders = await Bystanders.of(stage);
    await bystanders.areUndisturbed();
    for (const socket of silent.slice(0, 40)) await isCut(socket);
  });

  it('takes maxConnections at a time, and has room again when one leaves', async () => {
    await using stage = await startBroker({ maxConnections: 3 });
    await using bystanders = await Bystanders.of(stage);
    const third = await stage.connect();
    await isCut(await stage.raw(packets.connect('fourth')));
    await third.client.endAsync();
    await stage.reaches('connections', 2);
    await using _fourth = await stage.connect();
    await bystanders.areUndisturbed();
    expect(await stage.refused('too-many-connections')).toBe(1);
  });

  it('grants a client maxSubscriptions, and gives room back when it unsubscribes or leaves', async () => {
    await using stage = await startBroker({ maxSubscriptions: 10 });
    await using bystanders = await Bystanders.of(stage);
    await using greedy = await stage.connect();
    for (let n = 0; n < 10; n += 1) expect(await greedy.subscribe(`bomb/${n}`)).toBe(true);
    expect(await greedy.subscribe('bomb/10')).toBe(false);
    expect(await greedy.subscribe('bomb/0')).toBe(true);
    await greedy.client.unsubscribeAsync('bomb/0');
    expect(await greedy.subscribe('bomb/10')).toBe(true);
    const socket = await stage.raw(packets.connect('bomber'), packets.subscribe(crowd(6000)));
    await stage.reaches('subscriptions', 21);
    await bystanders.areUndisturbed();
    socket.destroy();
    await stage.reaches('subscriptions', 11);
  });

  it('keeps maxRetained messages and maxRetainedBytes, and always those of the gateway', async () => {
    await using stage = await startBroker({ maxRetained: 10, maxRetainedBytes: 1000 });
    await using flooder = await stage.connect();
    const retain = (topic: string, bytes: number) =>
      flooder.client.publishAsync(topic, Buffer.alloc(bytes, 'x'), { qos: 1, retain: true });
    await using listener = await stage.connect();
    await listener.subscribe('flood/#');
    for (let n = 0; n < 20; n += 1) await retain(`flood/${n}`, 1);
    await listener.hears('flood/19');
    await stage.reaches('retained', 10);
    expect(await stage.refused('retained-full')).toBe(10);
    for (let n = 0; n < 10; n += 1) await retain(`flood/${n}`, 0);
    await stage.reaches('retained', 0);
    await stage.reaches('retained_bytes', 0);
    await retain('large/1', 900);
    await retain('large/2', 900);
    await retain('large/1', 950);
    await stage.reaches('retained', 1);
    await using own = await stage.own();
    for (let n = 0; n < 12; n += 1) {
      await own.client.publishAsync(`own/${n}`, 'x'.repeat(100), { qos: 1, retain: true });
    }
    await stage.reaches('retained', 13);
    await using late = await stage.connect();
    await late.subscribe('own/#');
    await late.subscribe('large/#');
    await poll(() => late.topics.length).toBe(13);
  });

  it('drops what waits for a client that is away beyond maxQueued, and forgets the one away longest', async () => {
    await using stage = await startBroker({ maxSessions: 2, maxQueued: 5, maxQueuedBytes: 1000 });
    await using talker = await stage.connect();
    const away = (clientId: string) => ({ clientId, clean: false });
    for (const name of ['first', 'second', 'third']) {
      await using sleeper = await stage.connect(away(name));
      await sleeper.subscribe(`mail/${name}`, 1);
    }
    for (const name of ['first', 'second', 'third']) {
      for (let n = 0; n < 8; n += 1) await talker.client.publishAsync(`mail/${name}`, `${n}`, { qos: 1 });
    }
    await talker.client.publishAsync('mail/second', 'x'.repeat(2000), { qos: 1 });
    const heard = async (name: string) => {
      await using sleeper = await stage.connect(away(name));
      await talker.client.publishAsync(`mail/${name}`, 'end', { qos: 1 });
      if (name !== 'first') await poll(() => sleeper.heard.length).toBe(6);
      return sleeper.heard.map(({ payload }) => payload).toSorted();
    };
    expect(await heard('second')).toEqual(['0', '1', '2', '3', '4', 'end']);
    expect(await heard('third')).toEqual(['0', '1', '2', '3', '4', 'end']);
    expect(await heard('first')).toEqual([]);
    expect(await stage.refused('queue-full')).toBeGreaterThanOrEqual(7);
  });

  it('cuts a client that does not read what it subscribed to, and makes nobody wait for it', async () => {
    await using stage = await startBroker({ maxBuffered: 65_536 });
    await using bystanders = await Bystanders.of(stage);
    const deaf = await stage.raw(packets.connect('deaf'), packets.subscribe(['noise']));
    await once(deaf, 'data');
    await stage.reaches('subscriptions', 2);
    deaf.pause();
    await using talker = await stage.connect();
    const noise = Buffer.alloc(100_000);
    for (let n = 0; n < 1000 && (await stage.refused('reads-too-slowly')) === 0; n += 1) {
      await talker.client.publishAsync('noise', noise, { qos: 1 });
      await bystanders.areUndisturbed();
    }
    expect(await stage.refused('reads-too-slowly')).toBe(1);
    await stage.reaches('subscriptions', 1);
  });

  it('hands out more retained messages than fit into maxBuffered, as fast as they are read', async () => {
    await using stage = await startBroker({ maxBuffered: 65_536 });
    await using own = await stage.own();
    for (let n = 0; n < 150; n += 1) {
      own.client.publish(`library/${n}`, Buffer.alloc(100_000), { qos: 1, retain: true });
    }
    await stage.reaches('retained', 150);
    await using reader = await stage.connect();
    await reader.subscribe('library/#');
    await poll(() => reader.heard.length).toBe(150);
  });

  it('does not take a receipt that never comes for a reason to grow', async () => {
    await using stage = await startBroker();
    await using bystanders = await Bystanders.of(stage);
    const exactlyOnce = (id: number) => Buffer.from([0x34, 6, 0, 1, 97, id >> 8, id & 255, 120]);
    const socket = await stage.raw(
      packets.connect('hoarder'),
      ...[...Array(3000).keys()].map((n) => exactlyOnce(n + 1)),
    );
    await isCut(socket);
    await bystanders.areUndisturbed();
  });

  it('writes few lines about many refusals, and none of what it was told is longer than a line', async () => {
    await using stage = await startBroker({ users: USERS });
    for (let n = 0; n < 20; n += 1) await isCut(await stage.raw(packets.connect(`nobody-${n}`)));
    await isCut(
      await stage.raw(packets.login('ada', 'ada-secret', { clientId: 'x' }), packets.publish('z'.repeat(60_000), '')),
    );
    expect(await stage.refused('anonymous')).toBe(20);
    const lines = stage.live.log.filter((line) => line.includes('"level":40'));
    expect(lines).toHaveLength(2);
    for (const line of stage.live.log) expect(line.length).toBeLessThan(2000);
    expect(stage.live.log.join('')).not.toContain('ada-secret');
  });

  it('stops in no time, whoever is connected and does not listen', async () => {
    await using stage = await startBroker({ maxBuffered: 268_435_456 });
    const deaf = await stage.raw(packets.connect('deaf'), packets.subscribe(['noise']));
    await once(deaf, 'data');
    deaf.pause();
    const halfOpen = await stage.raw(packets.connect('half').subarray(0, 5));
    const silent = await stage.raw();
    await using own = await stage.own();
    await stage.reaches('subscriptions', 1);
    for (let n = 0; n < 50; n += 1) await own.client.publishAsync('noise', Buffer.alloc(1_000_000));
    const begun = performance.now();
    await stage.live.gateway.stop();
    expect(performance.now() - begun).toBeLessThan(1000);
    await own.isCut();
    for (const socket of [deaf, halfOpen, silent]) await isCut(socket);
  });
});
