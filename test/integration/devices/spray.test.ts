import { describe, expect, it } from 'vitest';
import { joyhub } from '../../../plugins/protocols/joyhub.js';
import { level } from '../../support/messages.js';
import { bootShaky } from '../../support/shaky-toys.js';

const SPRAY = 7;
const ON = 'a024010001ff';

/** A toy that sprays until it is told not to, on a link that must not be idle. */
async function dodge() {
  const model = joyhub.models.find(({ name }) => name === 'JoyHub Dodge');
  if (!model) throw new Error('There is no such model');
  const { gateway, toys, client } = await bootShaky(joyhub, [model], { needsKeepalive: true });
  const [toy] = toys;
  if (!toy) throw new Error('There is no toy');
  const taken: string[] = [];
  toy.onTaken = (hex) => taken.push(hex);
  const isSpraying = () => toy.level(SPRAY, 'Spray') !== 0;
  return { gateway, toy, client, taken, isSpraying };
}

describe('a toy that sprays', () => {
  it('ends after a second, and does not spray again by itself', async () => {
    const { gateway, client, taken, isSpraying } = await dodge();
    await using _ = gateway;
    await client.ask(level(0, SPRAY, 'Spray', 1));
    await gateway.clock.advance(999);
    expect(isSpraying()).toBe(true);
    await gateway.clock.advance(1);
    expect(isSpraying()).toBe(false);
    await gateway.clock.advance(30_000);
    expect(taken.filter((hex) => hex === ON)).toHaveLength(1);
    expect(isSpraying()).toBe(false);
  });

  it('ends though the link refuses the packet for that twice', async () => {
    const { gateway, toy, client, isSpraying } = await dodge();
    await using _ = gateway;
    await client.ask(level(0, SPRAY, 'Spray', 1));
    await gateway.clock.advance(500);
    toy.refusals = 2;
    await gateway.clock.advance(500);
    expect(isSpraying()).toBe(false);
    expect(toy.refusals).toBe(0);
  });

  it.each([
    ['a stop', { StopCmd: {} }],
    ['level 0', level(0, SPRAY, 'Spray', 0)],
  ])('ends at once on %s, even when that is refused twice', async (_what, order) => {
    const { gateway, toy, client, isSpraying } = await dodge();
    await using _ = gateway;
    await client.ask(level(0, SPRAY, 'Spray', 1));
    await gateway.clock.advance(300);
    expect(isSpraying()).toBe(true);
    toy.refusals = 2;
    await client.ask(order);
    await gateway.clock.advance(100);
    expect(isSpraying()).toBe(false);
    await gateway.clock.advance(30_000);
    expect(isSpraying()).toBe(false);
  });

  it('ends when its link is so slow that the stop overtakes the spray on the way', async () => {
    const { gateway, toy, client, taken, isSpraying } = await dodge();
    await using _ = gateway;
    toy.latencyMs = 700;
    await client.ask(level(0, SPRAY, 'Spray', 1));
    await gateway.clock.advance(100);
    await client.ask({ StopCmd: {} });
    await gateway.clock.advance(5000);
    expect(taken).toContain(ON);
    expect(isSpraying()).toBe(false);
  });
});
