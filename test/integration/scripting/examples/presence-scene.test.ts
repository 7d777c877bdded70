import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../../support/scripting/boot-scripts.js';
import { exampleScripts } from '../../../support/scripting/examples.js';
import { levelsOver } from '../../../support/scripting/levels.js';
import { TestBroker } from '../../../support/scripting/mqtt-broker.js';
import { mqttPlugin } from '../../../support/scripting/mqtt-plugin.js';

const SCRIPT = 'presence-scene';
const TOY = 'pulsegate-testbed-1';
const PRESENCE = 'home/presence/bedroom';
const SCENE = 'home/toys/scene';
const SECOND = 1000;
const FADE = 8 * SECOND;
/** Of the toy's 20 steps, what the scene is at its strongest and weakest: 0.4 and 0.1. */
const STRONGEST = 8;
const WEAKEST = 2;

const run = async (broker: TestBroker, device: object = {}) =>
  bootScripts({
    devices: [{ model: 'Pulsegate Testbed', messageGap: 0, ...device }],
    plugins: [mqttPlugin(broker.url)],
    scripts: await exampleScripts(SCRIPT),
  });

/** Vibration, four times a second. */
async function watch(gateway: ScriptedGateway, forMs: number): Promise<readonly number[]> {
  const [levels] = await levelsOver(gateway, [[TOY, 'Vibrate']], { forMs, stepMs: 250 });
  return levels ?? [];
}

/** Lets the script hear something, and waits until it says so. */
async function tell(gateway: ScriptedGateway, broker: TestBroker, payload: string, line: string): Promise<void> {
  await broker.tell(PRESENCE, payload);
  await gateway.until(() => gateway.console(SCRIPT).at(-1)?.includes(line) === true);
}

const warnings = (gateway: ScriptedGateway) => gateway.console(SCRIPT).filter((line) => line.startsWith('warn'));
const steepest = (levels: readonly number[]) =>
  Math.max(...levels.slice(1).map((level, place) => Math.abs(level - (levels[place] ?? 0))));

describe('the example presence-scene', () => {
  it('fades in when somebody comes home and out when they go', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker);
    expect(Math.max(...(await watch(gateway, 5 * SECOND)))).toBe(0);
    await tell(gateway, broker, 'home', 'fading in');
    const fadingIn = await watch(gateway, FADE);
    const scene = await watch(gateway, 24 * SECOND);
    await gateway.until(() => broker.on(SCENE).at(-1) === 'on');
    await tell(gateway, broker, 'away', 'fading out');
    const fadingOut = await watch(gateway, FADE);

    expect(fadingIn[0]).toBeLessThanOrEqual(1);
    expect(Math.max(...scene)).toBe(STRONGEST);
    expect(Math.min(...scene)).toBe(WEAKEST);
    expect(fadingOut[0]).toBeGreaterThanOrEqual(WEAKEST);
    expect(steepest([...fadingIn, ...scene])).toBe(1);
    expect(steepest(fadingOut)).toBe(1);
    expect(Math.max(...(await watch(gateway, 20 * SECOND)))).toBe(0);
    expect(broker.retained(SCENE)).toBe('off');
  });

  it('counts a message that was retained before it started', async () => {
    await using broker = await TestBroker.start();
    await broker.tell(PRESENCE, '{"state":"home"}', { retain: true });
    await using gateway = await run(broker);
    await gateway.until(() => gateway.console(SCRIPT).some((line) => line.includes('fading in')));
    expect(Math.max(...(await watch(gateway, 3 * FADE)))).toBe(STRONGEST);
  });

  it.each(['HOME ', '"home"', '{"state":"home"}', '{"state":"Home","since":1}'])(
    'understands %s as home',
    async (payload) => {
      await using broker = await TestBroker.start();
      await using gateway = await run(broker);
      await tell(gateway, broker, payload, 'fading in');
      expect(warnings(gateway)).toEqual([]);
    },
  );

  it.each(['', 'null', '{}', '[]', '{"state":', '17', 'homeward', '\u0000', '{"state":{"state":"home"}}'])(
    'takes %j for away',
    async (payload) => {
      await using broker = await TestBroker.start();
      await using gateway = await run(broker);
      await tell(gateway, broker, 'home', 'fading in');
      await gateway.advance(FADE);
      await tell(gateway, broker, payload, 'fading out');
      expect(warnings(gateway)).toHaveLength(1);
      await gateway.advance(FADE);
      expect(Math.max(...(await watch(gateway, 3 * SECOND)))).toBe(0);
      expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
    },
  );

  it('fades out when the broker goes away, and goes on when it is back and says home', async () => {
    await using broker = await TestBroker.start();
    await broker.tell(PRESENCE, 'home', { retain: true });
    await using gateway = await run(broker);
    await gateway.until(() => gateway.console(SCRIPT).some((line) => line.includes('fading in')));
    await gateway.advance(FADE);
    await broker.goAway();
    await gateway.advance(13 * SECOND);
    expect(warnings(gateway)).toContain('warn: The MQTT broker does not answer, so I cannot know who is home');
    await gateway.advance(FADE);
    expect(Math.max(...(await watch(gateway, 10 * SECOND)))).toBe(0);
    await broker.comeBack();
    await gateway.until(() => gateway.console(SCRIPT).at(-1)?.includes('fading in') === true);
    expect(Math.max(...(await watch(gateway, 3 * FADE)))).toBe(STRONGEST);
  });

  it('has a device join the scene that comes, or comes back, while it is on', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, { present: 'on-scan' });
    await tell(gateway, broker, 'home', 'fading in');
    await gateway.advance(FADE);
    const client = await gateway.booted.connect();
    await client.ask({ StartScanning: {} });
    await gateway.advance(SECOND);
    expect(Math.min(...(await watch(gateway, 12 * SECOND)))).toBe(WEAKEST);
    await gateway.booted.post(`/api/simulated/${TOY}/disconnect`, { awayFor: 3 });
    await gateway.advance(4 * SECOND);
    expect(Math.min(...(await watch(gateway, 12 * SECOND)))).toBe(WEAKEST);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
  });

  it('leaves nothing on when it is stopped in the middle', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker);
    await tell(gateway, broker, 'home', 'fading in');
    await gateway.advance(FADE);
    gateway.booted.gateway.scripts.act(SCRIPT, 'stop');
    await gateway.advance(SECOND);
    expect(Math.max(...(await watch(gateway, 12 * SECOND)))).toBe(0);
  });

  it('says once that there is no MQTT, and waits', async () => {
    await using gateway = await bootScripts({ scripts: await exampleScripts(SCRIPT) });
    await gateway.advance(20 * SECOND);
    expect(gateway.status(SCRIPT)).toMatchObject({ state: 'running', starts: 1 });
    expect(warnings(gateway)).toEqual(['warn: MQTT: There is no MQTT here: no plugin that connects to a broker runs']);
  });
});
