import { getEventListeners } from 'node:events';
import { pino } from 'pino';
import { LinkError, LinkState } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';

function stateWithLog() {
  const log: string[] = [];
  return { state: new LinkState('a toy', pino({ level: 'error' }, { write: (line) => log.push(line) })), log };
}

describe('the state of a link', () => {
  it('is over once, for the reason given first', () => {
    const { state } = stateWithLog();
    const reasons: string[] = [];
    state.on('disconnected', (reason) => reasons.push(reason));
    expect(() => state.assertThere()).not.toThrow();
    expect(state.end('it fell down')).toBe(true);
    expect(state.end('it fell up')).toBe(false);
    expect(reasons).toEqual(['it fell down']);
    expect(() => state.assertThere()).toThrow(new LinkError('a toy is not connected any more: it fell down'));
    expect(() => state.assert('tx', 'tx')).toThrow('it fell down');
  });

  it('names the endpoint that is for what was asked', () => {
    const { state } = stateWithLog();
    expect(() => state.assert('tx', 'tx')).not.toThrow();
    expect(() => state.assert('rx', 'tx')).toThrow(new LinkError('a toy has no rx for that, only tx'));
  });

  it('passes on what is subscribed, and nothing else', () => {
    const { state } = stateWithLog();
    const heard: unknown[] = [];
    state.on('notification', (endpoint, data) => heard.push([endpoint, ...data]));
    expect(state.notify('rx', Uint8Array.of(1))).toBe(false);
    state.subscribe('rx');
    expect(state.notify('rx', Uint8Array.of(2))).toBe(true);
    expect(state.notify('rxpressure', Uint8Array.of(3))).toBe(false);
    state.unsubscribe('rx');
    expect(state.notify('rx', Uint8Array.of(4))).toBe(false);
    state.subscribe('rx');
    state.end('over');
    expect(state.notify('rx', Uint8Array.of(5))).toBe(false);
    expect(heard).toEqual([['rx', 2]]);
  });

  it('ends what is waited for, and leaves no listener behind, however that ended', async () => {
    const { state } = stateWithLog();
    const listeners = () => getEventListeners(state.gone, 'abort').length;
    const before = listeners();
    expect(await state.whileThere(Promise.resolve(5))).toBe(5);
    await expect(state.whileThere(Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(listeners()).toBe(before);
    const never = state.whileThere(new Promise(() => {}));
    expect(listeners()).toBe(before + 1);
    state.end('pulled out');
    await expect(never).rejects.toThrow(new LinkError('a toy is not connected any more: pulled out'));
    expect(listeners()).toBe(before);
    await expect(state.whileThere(new Promise(() => {}))).rejects.toThrow('pulled out');
  });

  it('tells in the log of a listener that fails, and goes on with the others', () => {
    const { state, log } = stateWithLog();
    const heard: string[] = [];
    state.on('disconnected', () => {
      throw new Error('a bad listener');
    });
    state.on('disconnected', (reason) => heard.push(reason));
    state.end('over');
    expect(heard).toEqual(['over']);
    expect(log.join()).toContain('a bad listener');
  });
});
