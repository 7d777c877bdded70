import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Dongle } from '../../../plugins/hardware-lovense-dongle/dongle.js';
import type { DonglePort } from '../../../plugins/hardware-lovense-dongle/port.js';
import { FakeClock } from '../../support/fake-clock.js';

/** What a dongle is told and tells, in the hands of a test. */
class Port implements DonglePort {
  readonly name = 'a dongle';
  readonly told: string[] = [];
  isOpen = true;
  say: (text: string) => void = () => {};
  pull: (reason: string) => void = () => {};

  async send(text: string): Promise<void> {
    this.told.push(JSON.parse(text).func);
  }

  onText(listener: (text: string) => void): void {
    this.say = listener;
  }

  onClosed(listener: (reason: string) => void): void {
    this.pull = listener;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  /** Says a whole line. */
  line(message: object): void {
    this.say(`${JSON.stringify(message)}\r\n`);
  }

  found(id: string): void {
    this.line({ type: 'toy', func: 'toyData', data: { id, data: '' } });
  }

  connected(id: string): void {
    this.line({ type: 'toy', func: 'status', data: { id, status: 202 } });
  }

  disconnected(id: string): void {
    this.line({ type: 'toy', func: 'status', data: { id, status: 403 } });
  }

  searchStopped(): void {
    this.line({ type: 'toy', func: 'search', result: 206 });
  }
}

/** A dongle that has had its quiet moment. */
async function plugIn() {
  const [port, clock] = [new Port(), new FakeClock()];
  const dongle = new Dongle(port, clock, pino({ level: 'silent' }));
  const heard: string[] = [];
  dongle.on('toy', (id) => heard.push(`toy ${id}`));
  dongle.on('toyGone', () => heard.push('toy gone'));
  dongle.on('toyData', (text) => heard.push(`data ${text}`));
  dongle.on('searchEnded', () => heard.push('search ended'));
  dongle.on('gone', () => heard.push('gone'));
  await clock.until(dongle.start());
  return { port, clock, dongle, take: () => heard.splice(0) };
}

describe('a Lovense dongle', () => {
  it('that loses the toy it has just found, before it has connected it, has none, and searches on', async () => {
    const { port, clock, dongle, take } = await plugIn();
    dongle.search();
    port.found('A');
    port.disconnected('A');
    port.searchStopped();
    await clock.advance(5_000);
    expect({ toy: dongle.toy, heard: take() }).toEqual({ toy: undefined, heard: [] });
    expect(port.told).toEqual(['statuss', 'search', 'stopSearch', 'search']);
    port.found('B');
    port.searchStopped();
    expect({ toy: dongle.toy, heard: take() }).toEqual({ toy: 'B', heard: ['search ended', 'toy B'] });
  });

  it('that has another toy all at once has lost the one before', async () => {
    const { port, dongle, take } = await plugIn();
    port.connected('A');
    expect(take()).toEqual(['toy A']);
    port.connected('A');
    expect(take()).toEqual([]);
    port.connected('B');
    expect({ toy: dongle.toy, heard: take() }).toEqual({ toy: 'B', heard: ['toy gone', 'toy B'] });
  });

  it('takes no word about another toy for one about its own', async () => {
    const { port, dongle, take } = await plugIn();
    port.connected('A');
    take();
    port.disconnected('B');
    expect({ toy: dongle.toy, heard: take() }).toEqual({ toy: 'A', heard: [] });
    port.line({ type: 'toy', func: 'status', data: { status: 403 } });
    expect({ toy: dongle.toy, heard: take() }).toEqual({ toy: undefined, heard: ['toy gone'] });
  });

  it.each([
    { what: 'noise', text: '\u0000\ufffd}{][\r\n' },
    { what: 'a line without an end', text: '{"type":"toy","func":"toyData",'.repeat(10_000) },
    { what: 'other messages', text: '{"type":"toy","func":"status","data":null}\r\n7\r\n"x"\r\n[]\r\n{}\r\n' },
    { what: 'the half of a message that began before', text: 'us":202}}\r\n' },
    { what: 'nothing but ends of lines', text: '\r\n\n\n\r'.repeat(1_000) },
  ])('that says $what is listened to all the same', async ({ text }) => {
    const { port, take } = await plugIn();
    port.say(text);
    port.say('\r\n');
    for (const part of '{"type":"toy","func":"status","data":{"id":"A","status":202}}\r\n') port.say(part);
    port.line({ type: 'toy', func: 'toyData', data: { id: 'A', data: '80;' } });
    expect(take()).toEqual(['toy A', 'data 80;']);
  });

  it('that was pulled out is let go of, and told nothing more', async () => {
    const { port, clock, dongle, take } = await plugIn();
    dongle.search();
    port.found('A');
    port.pull('it is not there any more');
    port.pull('it is not there any more');
    expect(take()).toEqual(['search ended', 'gone']);
    const before = port.told.length;
    port.searchStopped();
    dongle.search();
    await clock.advance(5_000);
    await dongle.close();
    expect({ isOpen: port.isOpen, told: port.told.length, toy: dongle.toy }).toEqual({
      isOpen: false,
      told: before,
      toy: undefined,
    });
    expect(take()).toEqual(['search ended']);
  });

  it('that was pulled out is closed, though nobody ends it', async () => {
    const { port, clock } = await plugIn();
    port.pull('it is not there any more');
    await clock.advance(0);
    expect(port.isOpen).toBe(false);
  });
});
