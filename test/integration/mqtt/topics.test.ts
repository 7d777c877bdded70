import { connectAsync, type MqttClient } from 'mqtt';
import { mqttTopics } from 'pulsegate/plugin';
import { expect, it } from 'vitest';
import { DataFolder } from '../../support/data-folder.js';
import { TESTBED } from '../../support/live-gateway.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { GatewayOnBroker, ROOT } from '../../support/mqtt/gateway-on-broker.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Devices on plain topics, as a home uses them. */

const soon = { interval: 5, timeout: PATIENCE_MS };
const topics = mqttTopics(ROOT);
const [VIBRATE, ROTATE, POSITION, TIMED, BATTERY, PRESSURE, BUTTON] = [0, 1, 7, 8, 9, 11, 12];

interface StageOptions {
  readonly topics?: object;
  readonly transport?: object;
  /** Sections of the configuration beside plugins. */
  readonly config?: Readonly<Record<string, object>>;
}

/** A gateway, a broker between them that can be cut, and somebody at home. */
class Stage implements AsyncDisposable {
  readonly heard: { readonly topic: string; readonly payload: string }[] = [];
  #complaints = 0;

  private constructor(
    readonly broker: Mosquitto,
    readonly proxy: CuttableProxy,
    readonly gateway: GatewayOnBroker,
    readonly home: MqttClient,
    readonly device: string,
    private readonly owned: AsyncDisposableStack,
  ) {
    home.on('message', (topic, payload) => this.heard.push({ topic, payload: payload.toString() }));
  }

  static async open({ topics: section = {}, transport = {}, config = {} }: StageOptions = {}): Promise<Stage> {
    await using stack = new AsyncDisposableStack();
    const broker = stack.use(await Mosquitto.start());
    const proxy = stack.use(await CuttableProxy.start(broker.port));
    const gateway = stack.use(
      await GatewayOnBroker.start(
        { broker: proxy.url, ...transport },
        { ...config, plugins: { 'mqtt-topics': section } },
      ),
    );
    await gateway.reaches('up');
    const home = await connectAsync(broker.url, { reconnectPeriod: 0 });
    stack.defer(() => home.endAsync(true));
    const infos = () => broker.retained(`${ROOT}/devices/+/info`);
    await expect.poll(async () => (await infos()).size, soon).toBe(1);
    const device = [...(await infos()).keys()][0]?.split('/')[3] ?? '';
    const stage = new Stage(broker, proxy, gateway, home, device, stack.move());
    await home.subscribeAsync([topics.errors, `${ROOT}/devices/#`]);
    return stage;
  }

  get at() {
    return topics.device(this.device);
  }

  async tell(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    await this.home.publishAsync(topic, payload, { qos: 1, retain });
  }

  set(feature: number, payload: string | object): Promise<void> {
    return this.tell(this.at.feature(feature).set, typeof payload === 'string' ? payload : JSON.stringify(payload));
  }

  level(feature: number, level: number): Promise<void> {
    return this.gateway.live.simulated.reaches(TESTBED, feature, level);
  }

  async retained(topic: string): Promise<unknown> {
    const payload = (await this.broker.retained(topic)).get(topic);
    return payload === undefined || !payload.startsWith('{') ? payload : JSON.parse(payload);
  }

  /** The next answer about something that was of no use. */
  async complaint(): Promise<string> {
    const errors = () => this.heard.filter(({ topic }) => topic === topics.errors);
    await expect.poll(() => errors().length, soon).toBeGreaterThan(this.#complaints);
    const payload = errors()[this.#complaints]?.payload ?? '';
    this.#complaints += 1;
    return JSON.parse(payload).error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }
}

describeMosquitto('an order on a plain topic', () => {
  it.each([
    ['a bare number', '0.5', 10],
    ['a share', { value: 0.25 }, 5],
    ['percent', { percent: 75 }, 15],
    ['steps', { steps: 3, type: 'Vibrate' }, 3],
    ['the name of the output', { Vibrate: 0.5 }, 10],
    ['next to nothing', '0.001', 1],
  ])('sets an output by %s', async (_what, payload, level) => {
    await using stage = await Stage.open();
    await stage.set(VIBRATE, payload);
    await stage.level(VIBRATE, level);
  });

  it('turns both ways, moves within a time, and stops', async () => {
    await using stage = await Stage.open();
    await stage.set(ROTATE, '-0.5');
    await stage.level(ROTATE, -10);
    await stage.set(ROTATE, 'stop');
    await stage.level(ROTATE, 0);
    await stage.set(POSITION, '1');
    await stage.level(POSITION, 100);
  });

  it('is answered when it makes no sense, and changes nothing', async () => {
    await using stage = await Stage.open();
    for (const [payload, answer] of [
      ['faster!', 'That is no order; expected a number'],
      ['NaN', 'That is no order'],
      ['1e999', 'beyond 1'],
      ['50', 'beyond 1'],
      ['{"value":0.5,"hold":99999999999}', 'That is no order'],
      ['{"value":0.5,"hold":86400000}', '"hold" is at most 3600000 ms here'],
      ['{"value":0.5,"speed":3}', 'That is no order'],
      ['{"value":0.5,"duration":500}', 'takes no "duration"'],
      ['{"value":-0.5}', 'Vibrate of feature 0 takes 0 to 1'],
      ['{"steps":21}', 'Vibrate of feature 0 takes 0 to 20 steps'],
      ['{"value":0.5,"type":"Rotate"}', 'Feature 0 has no Rotate output; it has Vibrate'],
      ['['.repeat(800), 'That is no order'],
      ['x'.repeat(2000), 'at most 1024 bytes'],
    ] as const) {
      await stage.set(VIBRATE, payload);
      expect(await stage.complaint(), payload.slice(0, 60)).toContain(answer);
    }
    await stage.tell(`${ROOT}/devices/nobody-12345678/0/set`, '1');
    expect(await stage.complaint()).toBe('There is no device "nobody-12345678" here now');
    await stage.tell(`${ROOT}/devices/${stage.device}/99/set`, '1');
    expect(await stage.complaint()).toContain('has no feature "99"; it has 0, 1,');
    expect(await stage.gateway.live.simulated.output(TESTBED, VIBRATE)).toMatchObject({ level: 0 });
    expect(await stage.gateway.live.metric('pulsegate_mqtt_topics_refused_total{reason="unknown"}')).toBe(2);
  });

  it('is answered so often only that a flood of them is no flood of answers', async () => {
    await using stage = await Stage.open();
    await Promise.all(Array.from({ length: 200 }, () => stage.set(VIBRATE, 'nonsense')));
    const refused = () => stage.gateway.live.metric('pulsegate_mqtt_topics_refused_total{reason="order"}');
    await expect.poll(() => refused().catch(() => 0), soon).toBe(200);
    await stage.set(VIBRATE, '0.5');
    await stage.level(VIBRATE, 10);
    const answers = stage.heard.filter(({ topic }) => topic === topics.errors);
    expect(answers.length).toBeGreaterThan(0);
    // Two seconds may have begun.
    expect(answers.length).toBeLessThanOrEqual(40);
  });

  it('that was retained is not carried out', async () => {
    await using stage = await Stage.open();
    await stage.tell(stage.at.feature(VIBRATE).set, '1', true);
    await stage.level(VIBRATE, 20);
    await stage.set(VIBRATE, '0');
    await stage.level(VIBRATE, 0);
    stage.proxy.cut();
    await stage.gateway.reaches('down');
    await stage.gateway.reaches('up');
    const ignored = () => stage.gateway.live.metric('pulsegate_mqtt_ignored_total{reason="retained"}');
    await expect.poll(() => ignored().catch(() => 0), soon).toBe(1);
    await stage.set(ROTATE, '0.5');
    await stage.level(ROTATE, 10);
    expect(await stage.gateway.live.simulated.output(TESTBED, VIBRATE)).toMatchObject({ level: 0 });
  });
});

describeMosquitto('stop topics', () => {
  it('stop a feature, a device, and everything', async () => {
    await using stage = await Stage.open();
    const levels = async () => {
      const { 0: vibrate, 1: rotate } = await stage.gateway.live.simulated.levels(TESTBED);
      return [vibrate, rotate];
    };
    const drive = async () => {
      await stage.set(VIBRATE, '0.5');
      await stage.set(ROTATE, '0.5');
      await expect.poll(levels, soon).toEqual([10, 10]);
    };
    await drive();
    await stage.tell(stage.at.feature(VIBRATE).stop, '');
    await expect.poll(levels, soon).toEqual([0, 10]);
    await drive();
    await stage.tell(stage.at.stop, 'whatever');
    await expect.poll(levels, soon).toEqual([0, 0]);
    await drive();
    await stage.tell(topics.stop, '');
    await expect.poll(levels, soon).toEqual([0, 0]);
  });
});

describeMosquitto('an output that was set by a plain topic', () => {
  it('stops when nobody sets it again in time', async () => {
    await using stage = await Stage.open({ topics: { hold: 200 } });
    await stage.set(VIBRATE, '0.5');
    await stage.level(VIBRATE, 10);
    await stage.level(VIBRATE, 0);
  });

  it('stops after many orders that came at once', async () => {
    await using stage = await Stage.open({ topics: { hold: 300 } });
    const { set } = stage.at.feature(VIBRATE);
    for (let steps = 1; steps <= 10; steps += 1) stage.home.publish(set, JSON.stringify({ steps }), { qos: 0 });
    await stage.level(VIBRATE, 10);
    await stage.level(VIBRATE, 0);
  });

  it('is held where it is, if it is a move that takes longer', async () => {
    await using stage = await Stage.open();
    const isMoving = async () => (await stage.gateway.live.simulated.output(TESTBED, TIMED)).moving ?? false;
    await stage.set(TIMED, { value: 1, duration: 10_000, hold: 200 });
    await expect.poll(isMoving, soon).toBe(true);
    await expect.poll(isMoving, soon).toBe(false);
    expect((await stage.gateway.live.simulated.output(TESTBED, TIMED)).level).toBeLessThan(100);
  });

  it('stays on as long as somebody does', async () => {
    await using stage = await Stage.open();
    await stage.set(ROTATE, { value: 0.5, hold: 60_000 });
    const before = Date.now();
    do {
      await stage.set(VIBRATE, { value: 0.5, hold: 400 });
      await stage.level(VIBRATE, 10);
    } while (Date.now() - before < 1000);
    const { packets } = await stage.gateway.live.simulated.state(TESTBED);
    expect(packets.filter(({ hex }) => hex === '01000000')).toEqual([]);
    await stage.level(VIBRATE, 0);
    await stage.level(ROTATE, 10);
  });

  it('is left alone when somebody else has taken it over', async () => {
    await using stage = await Stage.open();
    await stage.set(VIBRATE, { value: 0.5, hold: 300 });
    await stage.set(ROTATE, { value: 0.5, hold: 600 });
    await stage.level(VIBRATE, 10);
    const app = await stage.gateway.live.gateway.embeddedClient('app');
    await app.output(0, VIBRATE, { Vibrate: { Value: 15 } });
    await stage.level(VIBRATE, 15);
    // Later than the other would have been.
    await stage.level(ROTATE, 0);
    expect(await stage.gateway.live.simulated.output(TESTBED, VIBRATE)).toMatchObject({ level: 15 });
    await app.close();
  });

  it.each([
    ['broken', (stage: Stage) => stage.proxy.refuse(), {}],
    ['silent', (stage: Stage) => stage.proxy.block(), { stallAfter: 200 }],
  ])('stops when the connection to the broker is %s', async (_how, lose, transport) => {
    await using stage = await Stage.open({ transport });
    await stage.set(VIBRATE, '0.5');
    await stage.level(VIBRATE, 10);
    lose(stage);
    await stage.level(VIBRATE, 0);
    stage.proxy.accept();
    stage.proxy.unblock();
    await stage.gateway.reaches('up');
    await expect
      .poll(
        async () => {
          await stage.set(VIBRATE, '0.25');
          return (await stage.gateway.live.simulated.output(TESTBED, VIBRATE)).level;
        },
        { interval: 50, timeout: PATIENCE_MS },
      )
      .toBe(5);
  });
});

describeMosquitto('what the broker keeps', () => {
  it('is what a device is, whether it is there, and what it does, whoever told it', async () => {
    await using stage = await Stage.open();
    expect(stage.device).toMatch(/^pulsegate-testbed-[0-9a-f]{8}$/);
    expect(await stage.retained(stage.at.info)).toMatchObject({ name: 'Pulsegate Testbed', index: 0 });
    expect(await stage.retained(stage.at.availability)).toBe('online');
    const state = () => stage.retained(stage.at.feature(VIBRATE).state);
    expect(await state()).toEqual({ Vibrate: 0 });
    const app = await stage.gateway.live.gateway.embeddedClient('app');
    for (let level = 1; level <= 20; level += 1) await app.output(0, VIBRATE, { Vibrate: { Value: level } });
    await expect.poll(state, soon).toEqual({ Vibrate: 1 });
    const told = stage.heard.filter(({ topic }) => topic === stage.at.feature(VIBRATE).state);
    expect(told.length).toBeLessThan(10);
    await app.close();
    await expect.poll(state, soon).toEqual({ Vibrate: 0 });
  });

  it('are readings, and what is felt is told at once', async () => {
    await using stage = await Stage.open();
    const battery = () => stage.retained(stage.at.feature(BATTERY).state);
    await expect.poll(battery, soon).toMatchObject({ Battery: 1 });
    const { simulated } = stage.gateway.live;
    const event = stage.at.feature(BUTTON).event;
    await expect
      .poll(
        async () => {
          await simulated.sense(TESTBED, BUTTON, 0);
          await simulated.sense(TESTBED, BUTTON, 1);
          return stage.heard.some(({ topic, payload }) => topic === event && payload === '{"Button":1}');
        },
        { interval: 50, timeout: PATIENCE_MS },
      )
      .toBe(true);
    await simulated.sense(TESTBED, PRESSURE, 500);
    await expect.poll(() => stage.retained(stage.at.feature(PRESSURE).state), soon).toMatchObject({ Pressure: 0.5 });
  });

  it('goes on after everything was stopped', async () => {
    await using stage = await Stage.open();
    const { simulated } = stage.gateway.live;
    await stage.set(VIBRATE, '1');
    await stage.level(VIBRATE, 20);
    await stage.tell(topics.stop, '');
    await stage.level(VIBRATE, 0);
    await simulated.sense(TESTBED, PRESSURE, 250);
    await expect.poll(() => stage.retained(stage.at.feature(PRESSURE).state), soon).toMatchObject({ Pressure: 0.25 });
  });

  it('is named after the device, and not after what somebody calls it', async () => {
    await using plain = await Stage.open();
    await using folder = await DataFolder.withSettings({ address: `simulated:${TESTBED}`, displayName: 'A/+/# name' });
    await using renamed = await Stage.open({ config: folder.config });
    expect(renamed.device).toBe(plain.device);
    expect(await renamed.retained(renamed.at.info)).toMatchObject({
      name: 'Pulsegate Testbed',
      displayName: 'A/+/# name',
    });
    await renamed.set(VIBRATE, '0.5');
    await renamed.level(VIBRATE, 10);
  });

  it('says that a device is away only after a time of grace', async () => {
    await using stage = await Stage.open({ topics: { grace: 300 } });
    await stage.gateway.live.simulated.drop(TESTBED, 60);
    await expect.poll(async () => (await stage.gateway.health()).devices, soon).toBe(0);
    expect(await stage.retained(stage.at.availability)).toBe('online');
    await expect.poll(() => stage.retained(stage.at.availability), soon).toBe('offline');
    expect(await stage.retained(stage.at.info)).toMatchObject({ name: 'Pulsegate Testbed' });
  });

  it('is nothing of a device that is gone, where that is wanted', async () => {
    await using stage = await Stage.open({ topics: { grace: 0, removed: 'cleared' } });
    await stage.gateway.live.simulated.drop(TESTBED, 60);
    await expect.poll(async () => (await stage.broker.retained(`${ROOT}/devices/#`)).size, soon).toBe(0);
  });

  it('is whole again after the broker has forgotten everything', async () => {
    await using stage = await Stage.open();
    await expect.poll(() => stage.retained(topics.deviceCount), soon).toBe('1');
    // What sensors read changes by itself.
    const kept = async () => [...(await stage.broker.retained(`${ROOT}/#`)).keys()].sort();
    const before = await kept();
    await stage.broker.restart();
    await expect.poll(kept, { interval: 50, timeout: PATIENCE_MS }).toEqual(before);
  });
});

describeMosquitto('a scan', () => {
  it('is turned on and off, and shown', async () => {
    await using stage = await Stage.open();
    expect(await stage.retained(topics.scan)).toBe('OFF');
    await stage.tell(topics.scanSet, 'ON');
    await expect.poll(() => stage.retained(topics.scan), soon).toBe('ON');
    await stage.tell(topics.scanSet, 'OFF');
    await expect.poll(() => stage.retained(topics.scan), soon).toBe('OFF');
    await stage.tell(topics.scanSet, 'perhaps');
    expect(await stage.complaint()).toBe('A scan is turned ON or OFF');
  });
});
