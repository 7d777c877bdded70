import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../support/fake-clock.js';
import { bestCandidate, builtinCatalogue, connect, toyOf, toysOf } from '../../support/simulation.js';

const catalogue = await builtinCatalogue();
const text = (value: string) => new TextEncoder().encode(value);
const WITHOUT_RESPONSE = { withResponse: false };

async function edge(options: object = {}) {
  const clock = new FakeClock();
  const peripheral = await toyOf(catalogue, clock, { model: 'Lovense Edge', ...options });
  return { clock, peripheral, toy: peripheral.toy, open: () => connect(catalogue, peripheral) };
}

/** Which of 50 packets arrive, and which are refused. */
async function traffic(written: { readonly devices: readonly object[]; readonly seed?: number }, place = 0) {
  const peripheral = (await toysOf(catalogue, new FakeClock(), written))[place];
  if (!peripheral) throw new Error('no such toy');
  const link = await connect(catalogue, peripheral);
  const results: string[] = [];
  for (let level = 0; level < 50; level += 1) {
    const before = peripheral.toy.packets.length;
    const taken = await link.write('tx', text(`${level};`), WITHOUT_RESPONSE).then(
      () => true,
      () => false,
    );
    results.push(!taken ? 'refused' : peripheral.toy.packets.length > before ? 'arrived' : 'lost');
  }
  return results;
}

describe('SimulatedLink', () => {
  it('takes the time it is told to, and nothing arrives before', async () => {
    const { clock, toy, open } = await edge({ latency: 30 });
    const connecting = open();
    await clock.advance(29);
    expect(toy.connected).toBe(false);
    await clock.advance(1);
    const link = await connecting;
    const write = link.write('tx', text('Vibrate1:7;'), WITHOUT_RESPONSE);
    await clock.advance(29);
    expect(toy.outputs[0]?.level).toBe(0);
    await clock.advance(1);
    await write;
    expect(toy.outputs[0]).toEqual({ feature: 0, type: 'Vibrate', level: 7 });
    for (const ask of [() => link.subscribe('rx'), () => link.unsubscribe('rx')]) await clock.until(ask());
    await expect(clock.until(link.read('tx'))).rejects.toThrow('nothing to read on tx');
    // Connecting, writing, and those three.
    expect(clock.now()).toBe(5 * 30);
  });

  it('keeps the order of packets', async () => {
    const { toy, open } = await edge();
    const link = await open();
    const orders = ['Vibrate1:1;', 'Vibrate1:2;', 'Vibrate1:3;'];
    await Promise.all(orders.map((order) => link.write('tx', text(order), WITHOUT_RESPONSE)));
    expect(toy.packets.map((packet) => packet.text)).toEqual(orders);
  });

  it('loses and refuses packets in the same way on every run with one seed', async () => {
    const bad = { model: 'Lovense Edge', packetLoss: 0.3, writeErrors: 0.2 };
    const first = await traffic({ devices: [bad] });
    expect(await traffic({ devices: [bad] })).toEqual(first);
    expect(await traffic({ devices: [{ model: 'The Handy' }, bad] }, 1)).toEqual(first);
    expect(await traffic({ devices: [bad], seed: 2 })).not.toEqual(first);
    for (const [result, least, most] of [
      ['lost', 6, 20],
      ['refused', 4, 18],
      ['arrived', 18, 38],
    ] as const) {
      const count = first.filter((entry) => entry === result).length;
      expect(count, result).toBeGreaterThanOrEqual(least);
      expect(count, result).toBeLessThanOrEqual(most);
    }
  });

  it.each([
    ['packetLoss', 1, 'lost'],
    ['writeErrors', 1, 'refused'],
    ['packetLoss', 0, 'arrived'],
  ])('with %s %d every packet is %s', async (rate, share, result) => {
    expect(new Set(await traffic({ devices: [{ model: 'Lovense Edge', [rate]: share }] }))).toEqual(new Set([result]));
  });

  it('notifies only endpoints that are subscribed', async () => {
    const { open } = await edge();
    const link = await open();
    const heard: string[] = [];
    link.on('notification', (endpoint, data) => heard.push(`${endpoint} ${new TextDecoder().decode(data)}`));
    await link.write('tx', text('Battery;'), WITHOUT_RESPONSE);
    await link.subscribe('rx');
    await link.write('tx', text('Battery;'), WITHOUT_RESPONSE);
    await link.unsubscribe('rx');
    await link.write('tx', text('Battery;'), WITHOUT_RESPONSE);
    expect(heard).toEqual(['rx 100;']);
  });

  it('reads the battery service where the firmware does not answer itself', async () => {
    const clock = new FakeClock();
    const testbed = await toyOf(catalogue, clock, { model: 'Pulsegate Testbed', battery: 42 });
    const link = await connect(catalogue, testbed);
    expect(await link.read('rxblebattery')).toEqual(Uint8Array.of(42));
    await expect(link.read('rx')).rejects.toThrow(LinkError);
  });

  it('has a signal that wanders slowly, and none on a wire', async () => {
    const { clock, open } = await edge();
    const link = await open();
    const seen: number[] = [];
    for (let second = 0; second < 300; second += 1) {
      seen.push((await link.rssi?.()) ?? 0);
      await clock.advance(1000);
    }
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(-75);
    expect(Math.max(...seen)).toBeLessThanOrEqual(-45);
    expect(new Set(seen).size).toBeGreaterThan(3);
    for (const [at, dbm] of seen.entries()) expect(Math.abs(dbm - (seen[at - 1] ?? dbm))).toBeLessThanOrEqual(1);
    const wired = await connect(catalogue, await toyOf(catalogue, clock, { model: 'TCode v0.3 (Single Linear Axis)' }));
    expect(wired.rssi).toBeUndefined();
  });

  it('refuses everything once it is gone, and says so exactly once', async () => {
    const { clock, open, toy } = await edge({ latency: 10 });
    const link = await clock.until(open());
    const reasons: string[] = [];
    link.on('disconnected', (reason) => reasons.push(reason));
    const underWay = link.write('tx', text('Vibrate:5;'), WITHOUT_RESPONSE);
    const refused = expect(underWay).rejects.toThrow(LinkError);
    await link.disconnect();
    await link.disconnect();
    await refused;
    expect(reasons).toEqual(['disconnected on request']);
    expect(toy.packets).toEqual([]);
    for (const work of [
      link.write('tx', text('x'), WITHOUT_RESPONSE),
      link.read('tx'),
      link.subscribe('rx'),
      link.unsubscribe('rx'),
      link.rssi?.() ?? Promise.resolve(0),
    ]) {
      await expect(work).rejects.toThrow(LinkError);
    }
    expect(clock.waiting).toBe(0);
  });

  it('knows only its own endpoints', async () => {
    const link = await (await edge()).open();
    await expect(link.write('whitelist', text('x'), WITHOUT_RESPONSE)).rejects.toThrow('has no endpoint whitelist');
    expect(link).toMatchObject({ messageGapMs: 75, needsKeepalive: false, kind: 'bluetooth' });
  });

  it('connects one at a time', async () => {
    const { peripheral, open } = await edge();
    const link = await open();
    await expect(open()).rejects.toThrow('is connected already');
    await link.disconnect();
    const { specifier } = bestCandidate(catalogue, peripheral);
    await expect(peripheral.connect(specifier, AbortSignal.abort(new LinkError('too late')))).rejects.toThrow(
      'too late',
    );
    expect(peripheral.isAdvertising).toBe(true);
    await open();
  });
});
