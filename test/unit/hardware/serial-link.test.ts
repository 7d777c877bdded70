import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { SerialPort } from '../../../core/plugin.js';
import { SerialLink } from '../../../plugins/hardware-serial/link.js';
import { FakeClock } from '../../support/fake-clock.js';

/** A port that does what the test says; without that, it takes everything at once. */
class FakePort implements SerialPort {
  /** What was asked of it, oldest first. */
  readonly calls: string[] = [];
  untaken = 0;
  /** Settles when it has taken a packet. */
  taking: Promise<void> = Promise.resolve();
  draining: Promise<void> = Promise.resolve();
  closing: Promise<void> = Promise.resolve();
  hear: (data: Uint8Array) => void = () => {};
  vanish: (reason: string) => void = () => {};

  onData(listener: (data: Uint8Array) => void): void {
    this.hear = listener;
  }

  onGone(listener: (reason: string) => void): void {
    this.vanish = listener;
  }

  write(data: Uint8Array): Promise<void> {
    this.calls.push(`write ${Buffer.from(data).toString('hex')}`);
    return this.taking;
  }

  drain(): Promise<void> {
    this.calls.push('drain');
    return this.draining;
  }

  close(isDrained: boolean): Promise<void> {
    this.calls.push(isDrained ? 'close' : 'forget and close');
    return this.closing;
  }
}

function linkOn(port: FakePort) {
  const clock = new FakeClock();
  const said: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => said.push(JSON.parse(line).msg) });
  const link = new SerialLink({ address: '/dev/ttyUSB0', realPath: '/dev/ttyUSB0', port, clock, log });
  const reasons: string[] = [];
  link.on('disconnected', (reason) => reasons.push(reason));
  return { link, clock, said, reasons };
}

const never = () => new Promise<void>(() => {});

describe('a link over a serial port', () => {
  it('has all that was sent on the wire before the port is closed', async () => {
    const port = new FakePort();
    const draining = Promise.withResolvers<void>();
    port.draining = draining.promise;
    const { link, clock, reasons } = linkOn(port);
    await link.write('tx', Uint8Array.of(0x70));
    const ended = link.disconnect();
    await clock.advance(100);
    expect(port.calls).toEqual(['write 70', 'drain']);
    expect(reasons).toEqual([]);
    draining.resolve();
    await ended;
    expect(port.calls).toEqual(['write 70', 'drain', 'close']);
    expect(reasons).toEqual(['disconnected on request']);
    await link.disconnect();
    expect(port.calls).toHaveLength(3);
    expect(clock.waiting).toBe(0);
  });

  it('does not wait for ever for a wire that is stuck', async () => {
    const port = new FakePort();
    port.draining = never();
    const { link, clock, reasons } = linkOn(port);
    const ended = link.disconnect();
    await clock.advance(499);
    expect(port.calls).toEqual(['drain']);
    await clock.advance(1);
    await ended;
    expect(port.calls).toEqual(['drain', 'forget and close']);
    expect(reasons).toEqual(['disconnected on request']);
  });

  it('is over when a packet is not taken in time', async () => {
    const port = new FakePort();
    port.taking = never();
    const { link, clock, reasons } = linkOn(port);
    const write = link.write('tx', Uint8Array.of(1));
    const failed = expect(write).rejects.toThrow('/dev/ttyUSB0 took no packet within 2500 ms');
    await clock.advance(2_499);
    expect(reasons).toEqual([]);
    await clock.advance(1);
    await failed;
    expect(reasons).toEqual(['it took no packet within 2500 ms']);
    expect(port.calls).toEqual(['write 01', 'forget and close']);
    await expect(link.write('tx', Uint8Array.of(2))).rejects.toThrow('not connected any more');
    expect(port.calls).toHaveLength(2);
  });

  it('takes no more packets while too many bytes wait', async () => {
    const port = new FakePort();
    port.untaken = 65_537;
    const { link, reasons } = linkOn(port);
    await expect(link.write('tx', Uint8Array.of(1))).rejects.toThrow('has not taken what it was sent before');
    expect(port.calls).toEqual([]);
    port.untaken = 65_536;
    await link.write('tx', Uint8Array.of(1));
    expect(port.calls).toEqual(['write 01']);
    expect(reasons).toEqual([]);
  });

  it('that vanishes ends the write under way, and is gone once; no timer is left', async () => {
    const port = new FakePort();
    const taking = Promise.withResolvers<void>();
    port.taking = taking.promise;
    const { link, clock, reasons } = linkOn(port);
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const failed = expect(link.write('tx', Uint8Array.of(1))).rejects.toThrow(
      '/dev/ttyUSB0 is not connected any more: it was pulled out',
    );
    port.vanish('it was pulled out');
    port.vanish('the port is closed');
    await failed;
    // The system may tell later, too, and by then nobody wants to know.
    taking.reject(new Error('bad file descriptor'));
    await clock.advance(10_000);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(reasons).toEqual(['it was pulled out']);
    expect(port.calls).toEqual(['write 01', 'forget and close']);
    expect(clock.waiting).toBe(0);
  });

  it('says when the port is free for others', async () => {
    const port = new FakePort();
    const closing = Promise.withResolvers<void>();
    port.closing = closing.promise;
    const { link, clock } = linkOn(port);
    let isFree = false;
    void link.closed.then(() => {
      isFree = true;
    });
    void link.lose('no longer needed');
    await clock.advance(0);
    expect(isFree).toBe(false);
    closing.resolve();
    await clock.advance(0);
    expect(isFree).toBe(true);
  });

  it('keeps the last of what nobody reads, and says once that there was more', async () => {
    const port = new FakePort();
    const { link, said } = linkOn(port);
    for (let at = 0; at < 300; at++) port.hear(new Uint8Array(1024).fill(at % 256));
    const kept = await link.read('rx');
    expect(kept).toHaveLength(4096);
    expect(kept.at(-1)).toBe(299 % 256);
    expect(await link.read('rx')).toHaveLength(0);
    expect(said).toEqual(['/dev/ttyUSB0 says what nobody reads; the last 4096 bytes of it are kept']);
  });
});
