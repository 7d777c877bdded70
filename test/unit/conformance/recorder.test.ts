import { bluetooth, type HardwareLink, LinkError } from 'pulsegate/plugin';
import { beforeEach, describe, expect, it } from 'vitest';
import { RecordedDevice } from '../../conformance/recorder.js';
import { FakeClock } from '../../support/fake-clock.js';

const specifier = bluetooth({
  names: ['X'],
  services: { fff0: { tx: 'fff1', rx: 'fff2' }, '180f': { rxblebattery: '2a19' } },
});

describe('the hardware of a case (conformance-format §2)', () => {
  let clock: FakeClock;
  let device: RecordedDevice;
  let link: HardwareLink;
  let heard: string[];
  const notify = (endpoint: string, byte: number) =>
    device.happen({ tag: 'Notifications', value: [{ endpoint, data: [byte] }] });

  beforeEach(async () => {
    clock = new FakeClock();
    device = new RecordedDevice({ identifier: { name: 'X' } }, 0, () => clock);
    link = await device.connect(specifier);
    heard = [];
    link.on('notification', (endpoint, data) => heard.push(`${endpoint} ${data}`));
  });

  it('advertises a name, an address and nothing else', () => {
    expect(device.advertisement).toEqual({ kind: 'bluetooth', name: 'X', address: expect.stringMatching(/^\d+$/) });
    const given = new RecordedDevice({ identifier: { name: 'X', address: 'Here', link: 'serial' } }, 0, () => clock);
    expect(given.advertisement).toEqual({ kind: 'serial', name: 'X', address: 'Here' });
  });

  it('has all endpoints of what it was matched by, and a gap of 1 ms', () => {
    expect([...link.endpoints]).toEqual(['tx', 'rx', 'rxblebattery']);
    expect(link.messageGapMs).toBe(1);
    expect(link.needsKeepalive).toBe(false);
  });

  it('writes down writes and subscriptions in one list, reads not', async () => {
    await link.subscribe('rx');
    await link.write('tx', Uint8Array.of(1, 2), { withResponse: true });
    device.happen({ tag: 'Reads', value: [{ endpoint: 'rx', data: [7] }] });
    expect(await link.read('rx')).toEqual(Uint8Array.of(7));
    await link.unsubscribe('rx');
    expect(device.outgoing).toEqual([
      { tag: 'Subscribe', value: { endpoint: 'rx' } },
      { tag: 'Write', value: { endpoint: 'tx', data: [1, 2], write_with_response: true } },
      { tag: 'Unsubscribe', value: { endpoint: 'rx' } },
    ]);
  });

  it('refuses an endpoint it does not have, and writes nothing down', async () => {
    await expect(link.write('txmode', Uint8Array.of(1), { withResponse: false })).rejects.toThrow(LinkError);
    await expect(link.subscribe('txmode')).rejects.toThrow(LinkError);
    await expect(link.unsubscribe('txmode')).rejects.toThrow(LinkError);
    await expect(link.read('txmode')).rejects.toThrow(LinkError);
    expect(device.outgoing).toEqual([]);
    expect(device.fault).toBeUndefined();
  });

  it('notifies only while subscribed; the rest is lost', async () => {
    notify('rx', 1);
    await link.subscribe('rx');
    notify('rx', 2);
    notify('tx', 3);
    await link.unsubscribe('rx');
    notify('rx', 4);
    expect(heard).toEqual(['rx 2']);
  });

  it('has a read wait 50 ms for something to be read', async () => {
    const early = link.read('rx');
    await clock.advance(49);
    device.happen({ tag: 'Reads', value: [{ endpoint: 'rx', data: [1] }] });
    expect(await early).toEqual(Uint8Array.of(1));

    const late = link.read('rx');
    const refused = expect(late).rejects.toThrow('rx is read, but the case has nothing to be read');
    await clock.advance(50);
    await refused;
    expect(device.fault).toContain('rx is read');
    expect(clock.waiting).toBe(0);

    device.happen({ tag: 'Reads', value: [{ endpoint: 'rx', data: [2] }] });
    expect(await link.read('rx')).toEqual(Uint8Array.of(2));
  });

  it('gives the oldest to be read, and refuses when it is for another endpoint', async () => {
    const packets = [1, 2].map((byte) => ({ endpoint: byte === 1 ? 'rx' : 'rxblebattery', data: [byte] }));
    device.happen({ tag: 'Reads', value: packets });
    expect(await link.read('rx')).toEqual(Uint8Array.of(1));
    await expect(link.read('rx')).rejects.toThrow('rx is read, but the case has something for rxblebattery');
  });

  it('goes away once, and takes nothing any more', async () => {
    const reasons: string[] = [];
    link.on('disconnected', (reason) => reasons.push(reason));
    device.happen({ tag: 'Disconnect' });
    await link.disconnect();
    expect(reasons).toEqual(['the case says so']);
    await expect(link.write('tx', Uint8Array.of(1), { withResponse: false })).rejects.toThrow(LinkError);
  });
});
