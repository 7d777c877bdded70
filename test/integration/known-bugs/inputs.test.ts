import {
  battery,
  button,
  type DeviceInput,
  defineProtocol,
  features,
  otherwise,
  type ProtocolDefinition,
  type ProtocolHandler,
  pressure,
  rssi,
  webSocket,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot, type TestLine } from '../../support/boot.js';
import { input } from '../../support/messages.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

const PRESSURE = 2;
const BUTTON = 3;

/** A device with sensors, whose hardware does what a test wants. */
class Sensors {
  readonly hardware = new TestHardware();
  /** What the hardware was asked to report and not to report, in order. */
  readonly asked: string[] = [];
  reading = 50;
  /** Called before the hardware takes a subscription. */
  accept: () => Promise<void> = async () => {};
  readonly #reports = new Map<number, (value: number) => void>();

  async boot() {
    const gateway = await boot({ plugins: [this.hardware.plugin, protocolPlugin(this.#definition())] });
    this.hardware.show(this.hardware.device({ name: 'Sensors' }));
    await gateway.clock.advance(0);
    return gateway;
  }

  report(feature: number, value: number): void {
    this.#reports.get(feature)?.(value);
  }

  #definition(): ProtocolDefinition {
    const handler: ProtocolHandler = {
      output: () => [],
      read: async () => this.reading,
      subscribe: async ({ feature }: DeviceInput, report) => {
        await this.accept();
        this.asked.push(`subscribe ${feature.index}`);
        this.#reports.set(feature.index, report);
      },
      unsubscribe: async ({ feature }: DeviceInput) => {
        this.asked.push(`unsubscribe ${feature.index}`);
        this.#reports.delete(feature.index);
      },
    };
    return defineProtocol({
      id: 'sensors',
      brand: 'Test',
      links: [webSocket('Sensors')],
      models: [otherwise('Sensors', features(battery(), rssi(), pressure([0, 1000]), button()))],
      open: () => handler,
    });
  }
}

const subscribe = (client: TestLine, feature = PRESSURE, type = 'Pressure') =>
  client.ask(input(0, feature, type, 'Subscribe'));
const unsubscribe = (client: TestLine, feature = PRESSURE, type = 'Pressure') =>
  client.ask(input(0, feature, type, 'Unsubscribe'));
const reading = (Value: number) => ({
  InputReading: { Id: 0, DeviceIndex: 0, FeatureIndex: PRESSURE, Reading: { Pressure: { Value } } },
});

describe('B25: the spelling of RSSI', () => {
  it.each(['RSSI', 'Rssi', 'rssi'])('B25: %s is understood, and answered as RSSI', async (type) => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const client = await gateway.connect(4);
    expect(JSON.stringify(client.take())).toContain('"RSSI":{"Value":[[-128,0]]');
    sensors.reading = -61;
    expect(await client.ask(input(0, 1, type, 'Read'))).toMatchObject({
      InputReading: { FeatureIndex: 1, Reading: { RSSI: { Value: -61 } } },
    });
  });
});

describe('B26: readings and old clients', () => {
  it('B26: a v3 subscriber gets SensorReading with Id 0, the others get nothing', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const clients = await Promise.all(([0, 1, 2, 3, 4] as const).map((version) => gateway.connect(version)));
    const v3 = clients[3];
    const sensor = { DeviceIndex: 0, SensorIndex: 1, SensorType: 'Button' };
    expect(await v3?.ask({ SensorSubscribeCmd: sensor })).toMatchObject({ Ok: {} });
    for (const client of clients) client.take();
    sensors.report(BUTTON, 1);
    expect(clients.map((client) => client.take())).toEqual([
      [],
      [],
      [],
      [{ SensorReading: { Id: 0, ...sensor, Data: [1] } }],
      [],
    ]);
    // Nobody's connection suffered.
    for (const client of clients) expect(await client.ask({ Ping: {} })).toMatchObject({ Ok: {} });
  });
});

describe('B30: subscriptions belong to clients', () => {
  it('B30: readings go to those who subscribed, and to nobody else', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const [first, second] = [await gateway.connect(), await gateway.connect()];
    await subscribe(first);
    first.take();
    second.take();
    sensors.report(PRESSURE, 300);
    expect(first.take()).toEqual([reading(300)]);
    expect(second.take()).toEqual([]);
  });

  it('B30: the hardware is asked once, for the first, and released after the last', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const [first, second] = [await gateway.connect(), await gateway.connect()];
    expect(await subscribe(first)).toMatchObject({ Ok: {} });
    expect(await subscribe(first)).toMatchObject({ Ok: {} });
    expect(await subscribe(second)).toMatchObject({ Ok: {} });
    expect(sensors.asked).toEqual(['subscribe 2']);
    expect(await unsubscribe(first)).toMatchObject({ Ok: {} });
    expect(sensors.asked).toEqual(['subscribe 2']);
    second.take();
    sensors.report(PRESSURE, 5);
    expect(second.take()).toEqual([reading(5)]);
    expect(await unsubscribe(second)).toMatchObject({ Ok: {} });
    expect(sensors.asked).toEqual(['subscribe 2', 'unsubscribe 2']);
    expect(await unsubscribe(second)).toMatchObject({ Ok: {} });
    expect(sensors.asked).toHaveLength(2);
  });

  it('B30: a client that leaves takes only its own subscriptions with it', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const [first, second] = [await gateway.connect(), await gateway.connect()];
    await subscribe(first);
    await subscribe(first, BUTTON, 'Button');
    await subscribe(second);
    first.cut();
    await gateway.clock.advance(0);
    expect(sensors.asked).toEqual(['subscribe 2', 'subscribe 3', 'unsubscribe 3']);
    second.cut();
    await gateway.clock.advance(0);
    expect(sensors.asked.at(-1)).toBe('unsubscribe 2');
  });

  it('B30: a stop ends only the inputs of the client who sent it, by their real type, and only if it covers inputs', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const [first, second] = [await gateway.connect(), await gateway.connect()];
    await subscribe(first);
    await subscribe(first, BUTTON, 'Button');
    await subscribe(second, BUTTON, 'Button');
    await first.ask({ StopCmd: { Inputs: false } });
    expect(sensors.asked).toHaveLength(2);
    await first.ask({ StopCmd: { DeviceIndex: 0, FeatureIndex: BUTTON } });
    expect(sensors.asked).toHaveLength(2);
    expect(await first.ask({ StopCmd: {} })).toMatchObject({ Ok: {} });
    expect(sensors.asked).toEqual(['subscribe 2', 'subscribe 3', 'unsubscribe 2']);
    second.take();
    sensors.report(BUTTON, 1);
    expect(second.take()).toMatchObject([{ InputReading: { FeatureIndex: BUTTON } }]);
  });

  it.each([
    { feature: 0, type: 'Battery', command: 'Subscribe' },
    { feature: PRESSURE, type: 'Pressure', command: 'Read' },
    { feature: PRESSURE, type: 'Battery', command: 'Read' },
    { feature: 9, type: 'Battery', command: 'Read' },
  ])('B30: $command of $type on feature $feature was not announced: code 4', async ({ feature, type, command }) => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const client = await gateway.connect();
    expect(await client.ask(input(0, feature, type, command))).toMatchObject({ Error: { ErrorCode: 4 } });
    expect(sensors.asked).toEqual([]);
  });

  it('B30: nobody is told Ok for a subscription that the hardware refused to somebody else', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const [first, second] = [await gateway.connect(), await gateway.connect()];
    let tries = 0;
    sensors.accept = async () => {
      tries += 1;
      await gateway.clock.sleep(100);
      if (tries === 1) throw new Error('not now');
    };
    const replies = [subscribe(first), subscribe(second)];
    expect(await Promise.all(replies)).toMatchObject([{ Error: {} }, { Ok: {} }]);
    second.take();
    sensors.report(PRESSURE, 8);
    expect(second.take()).toEqual([reading(8)]);
    expect(first.take()).not.toContainEqual(reading(8));
  });

  it('B30: a client that leaves before its subscription is taken leaves nothing behind', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const client = await gateway.connect();
    sensors.accept = () => gateway.clock.sleep(100);
    client.tell({
      InputCmd: { Id: 1, DeviceIndex: 0, FeatureIndex: PRESSURE, Type: 'Pressure', Command: 'Subscribe' },
    });
    client.cut();
    await gateway.clock.advance(1000);
    expect(sensors.asked).toEqual(['subscribe 2', 'unsubscribe 2']);
  });
});

describe('B33: a fast sensor and a client that reads slowly', () => {
  it('B33: readings are left out, the connection and everything else go on', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const client = await gateway.connect();
    await subscribe(client);
    client.take();
    client.bufferedBytes = 1_000_000;
    for (let value = 0; value < 1000; value += 1) sensors.report(PRESSURE, value);
    expect(client.take()).toEqual([]);
    expect(client.closeReason).toBeUndefined();
    expect(await client.ask({ Ping: {} })).toMatchObject({ Ok: {} });
    client.bufferedBytes = 0;
    sensors.report(PRESSURE, 7);
    expect(client.take()).toEqual([reading(7)]);
  });
});

describe('B42: values outside what was announced', () => {
  it.each([
    { told: 101, told2: 'more than full', value: 100 },
    { told: -3, told2: 'less than empty', value: 0 },
    { told: 49.6, told2: 'a fraction', value: 50 },
  ])('B42: a battery at $told ($told2) reads $value, with the Id of the request', async ({ told, value }) => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    sensors.reading = told;
    const v4 = await gateway.connect(4);
    expect(
      await v4.ask({ InputCmd: { Id: 5, DeviceIndex: 0, FeatureIndex: 0, Type: 'Battery', Command: 'Read' } }),
    ).toEqual({ InputReading: { Id: 5, DeviceIndex: 0, FeatureIndex: 0, Reading: { Battery: { Value: value } } } });
    const v3 = await gateway.connect(3);
    expect(await v3.ask({ SensorReadCmd: { Id: 6, DeviceIndex: 0, SensorIndex: 0, SensorType: 'Battery' } })).toEqual({
      SensorReading: { Id: 6, DeviceIndex: 0, SensorIndex: 0, SensorType: 'Battery', Data: [value] },
    });
    const v2 = await gateway.connect(2);
    expect(await v2.ask({ BatteryLevelCmd: { Id: 7, DeviceIndex: 0 } })).toEqual({
      BatteryLevelReading: { Id: 7, DeviceIndex: 0, BatteryLevel: value / 100 },
    });
  });

  it('B42: a value that is no number is an Error with the Id of the request, not a hole in the reply', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    sensors.reading = Number.NaN;
    const client = await gateway.connect(4);
    const read = { InputCmd: { Id: 5, DeviceIndex: 0, FeatureIndex: 0, Type: 'Battery', Command: 'Read' } };
    expect(await client.ask(read)).toMatchObject({ Error: { Id: 5, ErrorCode: 4 } });
  });

  it('B42: a reading event is clamped too', async () => {
    const sensors = new Sensors();
    await using gateway = await sensors.boot();
    const client = await gateway.connect(4);
    await subscribe(client);
    client.take();
    sensors.report(PRESSURE, 4000);
    expect(client.take()).toEqual([reading(1000)]);
  });
});
