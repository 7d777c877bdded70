import { pino } from 'pino';
import { type HardwareLink, LinkState, ManagerState } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';

const SILENT = pino({ level: 'silent' });

class PlainLink implements HardwareLink {
  readonly kind = 'serial';
  readonly endpoints = new Set<string>();
  readonly messageGapMs = 0;
  readonly needsKeepalive = false;
  readonly state = new LinkState('plain', SILENT);
  readonly on = this.state.on;
  readonly name = 'plain';

  constructor(readonly address: string) {}

  async write(): Promise<void> {}
  async read(): Promise<Uint8Array> {
    return new Uint8Array();
  }
  async subscribe(): Promise<void> {}
  async unsubscribe(): Promise<void> {}
  async disconnect(): Promise<void> {
    this.state.end('on request');
  }
}

describe('the state of a hardware manager', () => {
  it('keeps links until they are gone', async () => {
    const state = new ManagerState<PlainLink>(SILENT);
    const gone: string[] = [];
    const [first, second, third] = ['1', '2', '3'].map((address) =>
      state.keep(new PlainLink(address), (reason) => gone.push(`${address}: ${reason}`)),
    );
    expect(state.links).toEqual([first, second, third]);
    second?.state.end('lost');
    expect(state.links).toEqual([first, third]);
    expect(gone).toEqual(['2: lost']);
    await state.disconnectAll();
    expect(state.links).toEqual([]);
    expect(gone).toEqual(['2: lost', '1: on request', '3: on request']);
  });

  it('shows what it is told to show, and the end of a scan', () => {
    const state = new ManagerState<PlainLink>(SILENT);
    const seen: unknown[] = [];
    const listening = state.on('discovered', (discovery) => seen.push(discovery.advertisement.name));
    state.on('scanFinished', () => seen.push('end'));
    const advertisement = { kind: 'serial', name: 'plain', address: '1' } as const;
    state.discovered({ advertisement, connect: async () => new PlainLink('1') });
    state.scanFinished();
    listening[Symbol.dispose]();
    state.discovered({ advertisement, connect: async () => new PlainLink('1') });
    expect(seen).toEqual(['plain', 'end']);
  });

  it('says the same of the same thing once, until it was fine', () => {
    const log: string[] = [];
    const state = new ManagerState<PlainLink>(
      pino({ base: null }, { write: (line) => log.push(JSON.parse(line).msg) }),
    );
    for (let round = 0; round < 3; round++) {
      state.complain('there is nothing here', 'here');
      state.complain('there is nothing there', 'there');
    }
    expect(log.splice(0)).toEqual(['there is nothing here', 'there is nothing there']);
    state.complain('there is too much here', 'here');
    state.isFine('there');
    state.complain('there is too much here', 'here');
    state.complain('there is nothing there', 'there');
    expect(log).toEqual(['there is too much here', 'there is nothing there']);
  });
});
