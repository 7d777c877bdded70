import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';

const SCRIPT = 'button-drives-another';
const REMOTE = 'pulsegate-testbed-1';
const TOY = 'lovense-edge-1';
const BUTTON = 12;
const SQUEEZE = 'kgoal-boost-1';
const MINUTE = 60_000;

const run = async (...models: readonly string[]) =>
  bootScripts({
    devices: models.map((model) => ({ model, messageGap: 0 })),
    scripts: await exampleScripts(SCRIPT),
  });

const feel = (gateway: ScriptedGateway, toy: string, feature: number, value: number) =>
  gateway.booted.post(`/api/simulated/${toy}/sensors`, { feature, value });

async function press(gateway: ScriptedGateway, forMs = 100): Promise<void> {
  await feel(gateway, REMOTE, BUTTON, 1);
  await gateway.advance(forMs);
  await feel(gateway, REMOTE, BUTTON, 0);
  await gateway.advance(100);
}

/** Both motors of the Edge, of 20 steps each. */
async function motors(gateway: ScriptedGateway): Promise<readonly number[]> {
  return (await gateway.booted.toy(TOY)).outputs.map(({ level }) => level);
}

describe('the example button-drives-another', () => {
  it('steps through its levels with every press, and is off after the last', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Lovense Edge');
    await gateway.advance(200);
    const steps: (readonly number[])[] = [];
    for (let count = 0; count < 6; count += 1) {
      await press(gateway);
      steps.push(await motors(gateway));
    }
    expect(steps).toEqual([
      [5, 5],
      [10, 10],
      [15, 15],
      [20, 20],
      [0, 0],
      [5, 5],
    ]);
    // The remote could vibrate too.
    expect(await gateway.outputs(REMOTE)).toContain('Vibrate 0');
  });

  it('stops at a long press while the button is still held, and does not step when it is released', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Lovense Edge');
    await gateway.advance(200);
    await press(gateway);
    await feel(gateway, REMOTE, BUTTON, 1);
    await gateway.advance(700);
    expect(await motors(gateway)).toEqual([5, 5]);
    await gateway.advance(200);
    expect(await motors(gateway)).toEqual([0, 0]);
    await feel(gateway, REMOTE, BUTTON, 0);
    await gateway.advance(200);
    expect(await motors(gateway)).toEqual([0, 0]);
  });

  it('runs only while the button is pressed, where that is chosen', async () => {
    const text = (await exampleScripts(SCRIPT))[`${SCRIPT}.js`] ?? '';
    expect(text).toContain('ONLY_WHILE_PRESSED = false');
    await using gateway = await bootScripts({
      devices: ['Pulsegate Testbed', 'Lovense Edge'].map((model) => ({ model, messageGap: 0 })),
      scripts: { [`${SCRIPT}.js`]: text.replace('ONLY_WHILE_PRESSED = false', 'ONLY_WHILE_PRESSED = true') },
    });
    await gateway.advance(200);
    await feel(gateway, REMOTE, BUTTON, 1);
    await gateway.advance(5000);
    expect(await motors(gateway)).toEqual([5, 5]);
    await feel(gateway, REMOTE, BUTTON, 0);
    await gateway.advance(100);
    expect(await motors(gateway)).toEqual([0, 0]);
  });

  it('follows a pressure sensor in proportion', async () => {
    await using gateway = await run('KGoal Boost', 'Lovense Edge');
    await gateway.advance(200);
    const levels: number[] = [];
    for (const value of [0, 200, 650, 1100, 2000, 199, 2000, 0]) {
      await feel(gateway, SQUEEZE, 0, value);
      await gateway.advance(100);
      levels.push((await motors(gateway))[0] ?? -1);
    }
    expect(levels).toEqual([0, 0, 4, 8, 16, 0, 16, 0]);
  });

  it('listens to the first of two pressure sensors', async () => {
    await using gateway = await run('KGoal Boost', 'Lovense Edge');
    await gateway.advance(200);
    await feel(gateway, SQUEEZE, 1, 2000);
    await gateway.advance(100);
    expect(await motors(gateway)).toEqual([0, 0]);
  });

  it('sends a fast sensor on at no more than twenty levels a second', async () => {
    await using gateway = await run('KGoal Boost', 'Lovense Edge');
    await gateway.advance(200);
    const { packets: before } = await gateway.booted.toy(TOY);
    for (let count = 0; count < 200; count += 1) {
      await feel(gateway, SQUEEZE, 0, count % 2 === 0 ? 2000 : 500 + count);
      await gateway.advance(5);
    }
    await feel(gateway, SQUEEZE, 0, 0);
    await gateway.advance(100);
    const { packets } = await gateway.booted.toy(TOY);
    expect(await motors(gateway)).toEqual([0, 0]);
    expect(packets.length - before.length).toBeLessThanOrEqual(2 * 23);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('stops when the remote drops out, and works again when it is back', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Lovense Edge');
    await gateway.advance(200);
    await press(gateway);
    await feel(gateway, REMOTE, BUTTON, 1);
    await gateway.booted.post(`/api/simulated/${REMOTE}/disconnect`, { awayFor: 5 });
    await gateway.advance(200);
    expect(await motors(gateway)).toEqual([0, 0]);
    await gateway.advance(6000);
    expect(await motors(gateway)).toEqual([0, 0]);
    await press(gateway);
    expect(await motors(gateway)).toEqual([5, 5]);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('takes another remote when there is one left', async () => {
    await using gateway = await run('Pulsegate Testbed', 'KGoal Boost', 'Lovense Edge');
    await gateway.advance(200);
    await gateway.booted.post(`/api/simulated/${REMOTE}/disconnect`, { awayFor: 5 });
    await gateway.advance(200);
    await feel(gateway, SQUEEZE, 0, 2000);
    await gateway.advance(100);
    expect(await motors(gateway)).toEqual([16, 16]);
  });

  it('does not make the toy a remote that is left on', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Pulsegate Testbed');
    await gateway.advance(200);
    await press(gateway);
    expect(await gateway.outputs('pulsegate-testbed-2')).toContain('Vibrate 5');
    await gateway.booted.post(`/api/simulated/${REMOTE}/disconnect`, { awayFor: 5 });
    await gateway.advance(200);
    expect(await gateway.outputs('pulsegate-testbed-2')).toContain('Vibrate 0');
    await gateway.advance(6000);
    await press(gateway);
    expect(await gateway.outputs('pulsegate-testbed-2')).toContain('Vibrate 5');
  });

  it('leaves a toy that comes back off until the next press', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Lovense Edge');
    await gateway.advance(200);
    await press(gateway);
    await press(gateway);
    expect(await motors(gateway)).toEqual([10, 10]);
    await gateway.booted.post(`/api/simulated/${TOY}/disconnect`, { awayFor: 2 });
    await gateway.advance(4000);
    expect(await motors(gateway)).toEqual([0, 0]);
    await press(gateway);
    expect(await motors(gateway)).toEqual([5, 5]);
  });

  it('stops when nobody has touched the remote for ten minutes', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Lovense Edge');
    await gateway.advance(200);
    await press(gateway);
    await gateway.advance(10 * MINUTE - 1000);
    expect(await motors(gateway)).toEqual([5, 5]);
    await gateway.advance(2000);
    expect(await motors(gateway)).toEqual([0, 0]);
  });

  it('waits for a remote, and for a toy that is not the remote', async () => {
    await using none = await run();
    await none.advance(1000);
    expect(none.console(SCRIPT)).toEqual(['info: Waiting for a device with a button or a pressure sensor']);
    await using alone = await run('Pulsegate Testbed');
    await alone.advance(200);
    await press(alone);
    await press(alone);
    expect(await alone.outputs(REMOTE)).toContain('Vibrate 0');
    expect(alone.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('leaves nothing on when it is stopped', async () => {
    await using gateway = await run('Pulsegate Testbed', 'Lovense Edge');
    await gateway.advance(200);
    await press(gateway);
    gateway.booted.gateway.scripts.act(SCRIPT, 'stop');
    await gateway.advance(500);
    expect(await motors(gateway)).toEqual([0, 0]);
  });
});
