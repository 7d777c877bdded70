import { defineProtocol, features, otherwise, serial, stateless, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../../core/catalogue/catalogue.js';
import { FakeClock } from '../../support/fake-clock.js';
import { builtinCatalogue, connect, toyOf } from '../../support/simulation.js';

const catalogue = await builtinCatalogue();
const MINUTE = 60_000;

async function toy(model: string, options: object = {}) {
  const clock = new FakeClock();
  const peripheral = await toyOf(catalogue, clock, { model, ...options });
  return { clock, peripheral, toy: peripheral.toy };
}

describe('SimulatedToy', () => {
  it('shows the outputs of its model', async () => {
    expect((await toy('Lovense Edge')).toy.outputs).toEqual([
      { feature: 0, type: 'Vibrate', level: 0 },
      { feature: 1, type: 'Vibrate', level: 0 },
    ]);
    const { outputs } = (await toy('Pulsegate Testbed')).toy;
    expect(outputs.map(({ type }) => type)).toEqual([
      'Vibrate',
      'Rotate',
      'Oscillate',
      'Constrict',
      'Temperature',
      'Led',
      'Spray',
      'Position',
      'HwPositionWithDuration',
    ]);
  });

  it('drains by a percent a minute at full power, by half of that with half of it, and not at rest', async () => {
    const { clock, toy: edge } = await toy('Lovense Edge', { battery: 90 });
    await clock.advance(60 * MINUTE);
    expect(edge.battery).toBe(90);
    edge.set(0, 'Vibrate', 20);
    edge.set(1, 'Vibrate', 20);
    await clock.advance(10 * MINUTE);
    expect(edge.battery).toBe(80);
    edge.set(1, 'Vibrate', 0);
    await clock.advance(10 * MINUTE);
    expect(edge.battery).toBe(75);
    edge.set(0, 'Vibrate', 0);
    await clock.advance(10 * MINUTE);
    expect(edge.battery).toBe(75);
    edge.set(0, 'Vibrate', 20);
    await clock.advance(1000 * MINUTE);
    expect(edge.battery).toBe(0);
  });

  it('drains during a move and not after it', async () => {
    const { clock, toy: handy } = await toy('The Handy', { battery: 50 });
    handy.move(0, 100, 5 * MINUTE);
    await clock.advance(60 * MINUTE);
    expect(handy.battery).toBe(45);
  });

  it('moves at an even speed, and a new move starts where the old one has got to', async () => {
    const { clock, toy: handy } = await toy('The Handy');
    const state = () => handy.outputs[0];
    handy.move(0, 100, 1000);
    await clock.advance(250);
    expect(state()).toEqual({ feature: 0, type: 'HwPositionWithDuration', level: 25, moving: true });
    await clock.advance(250);
    handy.move(0, 0, 500);
    await clock.advance(250);
    expect(state()).toMatchObject({ level: 25, moving: true });
    await clock.advance(250);
    expect(state()).toEqual({ feature: 0, type: 'HwPositionWithDuration', level: 0 });
    handy.move(0, 40, 0);
    expect(state()).toEqual({ feature: 0, type: 'HwPositionWithDuration', level: 40 });
  });

  it('has one position for a feature that moves at once or in time', async () => {
    const { clock, toy: machine } = await toy('TCode v0.3 (Single Linear Axis)');
    machine.move(0, 1000, 1000);
    await clock.advance(500);
    machine.set(0, 'Position', 700);
    expect(machine.outputs).toEqual([
      { feature: 0, type: 'Position', level: 700 },
      { feature: 0, type: 'HwPositionWithDuration', level: 700 },
    ]);
  });

  it('shows motors that its model does not mention once they run', async () => {
    const { toy: machine } = await toy('TCode v0.3 (Single Linear Axis)');
    machine.write('tx', new TextEncoder().encode('V150\n'));
    expect(machine.outputs).toContainEqual({ feature: 1, type: 'Vibrate', level: 50 });
  });

  it('goes on when the link drops, and is the same when it comes back', async () => {
    const { clock, peripheral, toy: edge } = await toy('Lovense Edge');
    const link = await connect(catalogue, peripheral);
    await link.write('tx', new TextEncoder().encode('Vibrate:12;'), { withResponse: false });
    expect(edge.connected).toBe(true);
    peripheral.leave();
    expect(edge.connected).toBe(false);
    await clock.advance(10 * MINUTE);
    await connect(catalogue, peripheral);
    expect(edge.outputs.map(({ level }) => level)).toEqual([12, 12]);
    expect(edge.battery).toBe(94);
    expect(edge.packets).toHaveLength(1);
  });

  it('keeps the last 100 packets, as text where they are text', async () => {
    const { clock, toy: edge } = await toy('Lovense Edge');
    for (let count = 0; count < 150; count += 1) edge.write('tx', Uint8Array.of(0x00, count));
    await clock.advance(1500);
    edge.write('tx', new TextEncoder().encode('Vibrate:3;'));
    expect(edge.packets).toHaveLength(100);
    expect(edge.packets[0]).toEqual({ time: '2026-01-01T00:00:00.000Z', endpoint: 'tx', hex: '0033' });
    expect(edge.packets.at(-1)).toEqual({
      time: '2026-01-01T00:00:01.500Z',
      endpoint: 'tx',
      hex: '566962726174653a333b',
      text: 'Vibrate:3;',
    });
  });

  it('only records when nobody has written down how its kind works', async () => {
    const strange = new Catalogue();
    strange.add(
      defineProtocol({
        id: 'strange',
        brand: 'Strange',
        links: [serial('odd', 9600)],
        models: [otherwise('Strange Thing', features(vibrate(10)))],
        open: stateless(() => []),
      }),
    );
    const peripheral = await toyOf(strange, new FakeClock(), { model: 'strange thing' });
    const link = await connect(strange, peripheral);
    await link.write('tx', Uint8Array.of(1), { withResponse: false });
    expect(peripheral.toy).toMatchObject({ isDecoded: false, outputs: [], packets: [{ hex: '01' }] });
    expect(peripheral.toy.sense(0, 1)).toBe(false);
    await expect(link.read('rx')).rejects.toThrow('has nothing to read on rx');
  });
});
