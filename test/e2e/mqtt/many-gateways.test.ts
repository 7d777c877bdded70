import { expect, it } from 'vitest';
import { GatewayProcess, TestFolder } from '../../support/gateway-process.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { PacketTape } from '../../support/mqtt/packet-tape.js';
import { LED } from '../../support/stop/outputs.js';
import { keepsPromise, PATIENCE_MS, STOP_PROMISE_MS } from '../../support/timing.js';
import { type Message, WireClient } from '../../support/wire-client.js';

const ROOMS = ['attic', 'bedroom', 'cellar'] as const;
const DEVICES_PER_ROOM = 20;
/** From the death of a gateway until its devices are gone from the hub, ms. */
const GONE_WITHIN_MS = 2000;
/** How long the others are watched after that, ms. */
const WATCHED_MS = 500;
const EVERY_MS = 25;
/** What the gateways hold each other to, ms. */
const PING_MS = 1000;
const SOON = { interval: 5, timeout: PATIENCE_MS };

/** Three gateways with twenty devices each, and a hub that shows all of them; all of them processes, on one broker. */
class House implements AsyncDisposable {
  private constructor(
    readonly rooms: ReadonlyMap<string, GatewayProcess>,
    readonly hub: GatewayProcess,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async build(): Promise<House> {
    await using stack = new AsyncDisposableStack();
    const broker = stack.use(await Mosquitto.start());
    const start = async (gateway: string, plugins: Readonly<Record<string, object>>) => {
      const folder = stack.use(await TestFolder.create());
      const transport = { broker: broker.url, gateway, settle: 0, maxPingTime: PING_MS };
      return stack.use(
        await GatewayProcess.start(folder, {
          scripts: { examples: false },
          plugins: { 'transport-mqtt': transport, ...plugins },
        }),
      );
    };
    const devices = Array.from({ length: DEVICES_PER_ROOM }, () => ({ model: 'Pulsegate Testbed', messageGap: 0 }));
    const rooms = new Map<string, GatewayProcess>();
    for (const room of ROOMS) rooms.set(room, await start(room, { 'hardware-simulated': { devices } }));
    const hub = await start('hub', {
      'hardware-simulated': { devices: [] },
      'hardware-remote': { enabled: true, discover: true },
    });
    await hub.simulated.connected(ROOMS.length * DEVICES_PER_ROOM);
    return new House(rooms, hub, stack.move());
  }

  room(name: string): GatewayProcess {
    const room = this.rooms.get(name);
    if (!room) throw new Error(`There is no ${name}`);
    return room;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.owned.disposeAsync();
  }
}

/** Drives the first device of a room by way of the hub, again and again, and notes what became of it. */
class RemoteDriver implements Disposable {
  readonly failures: unknown[] = [];
  taken = 0;
  #level = 0;
  #isOver = false;

  constructor(
    private readonly client: WireClient,
    private readonly deviceIndex: number,
  ) {
    void this.#drive();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
  }

  async #drive(): Promise<void> {
    while (!this.#isOver) {
      this.#level = (this.#level % 100) + 1;
      await this.client.output(this.deviceIndex, LED.feature, { Led: { Value: this.#level } }).then(
        () => {
          this.taken += 1;
        },
        (error: unknown) => this.failures.push(error),
      );
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}

/** Index by display name, as a client of the hub sees the devices. */
async function devicesOf(client: WireClient): Promise<ReadonlyMap<string, number>> {
  return namesIn(await client.ask({ RequestDeviceList: {} }));
}

function namesIn({ DeviceList }: Message): ReadonlyMap<string, number> {
  const devices = (DeviceList?.Devices ?? {}) as Record<string, { DeviceDisplayName?: string; DeviceName: string }>;
  return new Map(
    Object.entries(devices).map(([index, { DeviceDisplayName, DeviceName }]) => [
      `${DeviceDisplayName ?? DeviceName} #${index}`,
      Number(index),
    ]),
  );
}

const ofRoom = (devices: ReadonlyMap<string, number>, room: string) =>
  [...devices].filter(([name]) => name.toLowerCase().startsWith(room)).map(([, index]) => index);

describeMosquitto('three gateways and a hub on one broker', () => {
  it('loses the devices of a gateway that is killed, and nothing else', { timeout: 60_000 }, async () => {
    await using house = await House.build();
    const { hub } = house;
    const client = await WireClient.connect(hub.url);
    const devices = await devicesOf(client);
    for (const room of ROOMS) expect(ofRoom(devices, room)).toHaveLength(DEVICES_PER_ROOM);
    const [inBedroom = -1] = ofRoom(devices, 'bedroom');
    const [inCellar = -1] = ofRoom(devices, 'cellar');
    using bedroom = new RemoteDriver(client, inBedroom);
    using cellar = new RemoteDriver(client, inCellar);
    await expect.poll(() => Math.min(bedroom.taken, cellar.taken), SOON).toBeGreaterThan(10);
    const linesBefore = house.room('bedroom').lines.length;

    await keepsPromise(GONE_WITHIN_MS, async () => {
      const killedAt = Date.now();
      house.room('attic').signal('SIGKILL');
      await hub.simulated.connected(2 * DEVICES_PER_ROOM);
      const gone = ofRoom(await devicesOf(client), 'attic');
      expect(gone).toEqual([]);
      return Date.now() - killedAt;
    });

    const [sofar, since] = [bedroom.taken + cellar.taken, Date.now()];
    await expect.poll(() => Date.now() - since, SOON).toBeGreaterThan(WATCHED_MS);
    expect(bedroom.taken + cellar.taken - sofar).toBeGreaterThan(WATCHED_MS / EVERY_MS / 4);
    expect([...bedroom.failures, ...cellar.failures]).toEqual([]);
    expect(ofRoom(await devicesOf(client), 'bedroom')).toHaveLength(DEVICES_PER_ROOM);
    expect(
      house
        .room('bedroom')
        .lines.slice(linesBefore)
        .filter(({ level }) => level >= 40),
    ).toEqual([]);
  });

  it('stops every device when the hub is killed', { timeout: 60_000 }, async () => {
    await using house = await House.build();
    const client = await WireClient.connect(house.hub.url);
    const devices = await devicesOf(client);
    for (const room of ROOMS) {
      for (const index of ofRoom(devices, room)) await client.output(index, LED.feature, { Led: { Value: 40 } });
    }
    const tapes = ROOMS.flatMap((room) =>
      Array.from(
        { length: DEVICES_PER_ROOM },
        (_, at) => new PacketTape(house.room(room).simulated, `pulsegate-testbed-${at + 1}`, LED.feature),
      ),
    );
    const levels = async () =>
      await Promise.all(tapes.map(async (tape) => (await tape.pull()).at(-1)?.level ?? Number.NaN));
    await expect.poll(async () => new Set(await levels()), SOON).toEqual(new Set([40]));

    const killedAt = Date.now();
    house.hub.signal('SIGKILL');
    await expect.poll(async () => new Set(await levels()), SOON).toEqual(new Set([0]));
    await keepsPromise(PING_MS + STOP_PROMISE_MS, async () =>
      Math.max(...tapes.map(({ packets }) => (packets.at(-1)?.time ?? Number.NaN) - killedAt)),
    );
  });
});
