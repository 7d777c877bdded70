import { ButtplugClient, DeviceOutput } from 'buttplug-v4';
import { connect, type MqttClient } from 'mqtt';
import type { mqttTopics } from 'pulsegate/plugin';
import type { MqttConnector } from '../../../plugins/transport-mqtt/connector/index.js';
import { LED } from '../stop/outputs.js';
import { LEVELS, Ledger } from './ledger.js';

/** Somebody who never tires of asking one device for another level, whenever there is a way to it. */
export interface Driver extends AsyncDisposable {
  readonly ledger: Ledger;
  /** When the gateway last took a command of its own, wall-clock ms. */
  readonly lastAcknowledged: number;
  /** From now on it only looks. Resolves when nothing of its own is on its way. */
  rest(): Promise<void>;
}

export interface PlainTopics {
  readonly url: string;
  readonly topics: ReturnType<typeof mqttTopics>;
  /** `DeviceCard.id` */
  readonly device: string;
  readonly qos: 0 | 1;
  readonly everyMs: number;
}

/** Publishes bare topics, as a home would. The retained state is what it takes for an answer. */
export class PlainDriver implements Driver {
  readonly ledger = new Ledger();
  lastAcknowledged = 0;
  readonly #client: MqttClient;
  readonly #timer: NodeJS.Timeout;
  #isWelcome = false;
  #onItsWay = 0;

  constructor(private readonly where: PlainTopics) {
    const { url, topics, device, everyMs } = where;
    this.#client = connect(url, { reconnectPeriod: 50, connectTimeout: 500, queueQoSZero: false, keepalive: 5 });
    this.#client.on('error', () => {});
    this.#client.on('close', () => {
      this.#isWelcome = false;
    });
    const { state } = topics.device(device).feature(LED.feature);
    this.#client.subscribe([topics.status, state]);
    this.#client.on('message', (topic, payload, { retain }) => {
      if (topic === topics.status) this.#isWelcome = payload.toString() === 'online';
      else if (!retain) this.#heard(JSON.parse(payload.toString()));
    });
    this.#timer = setInterval(() => this.#drive(), everyMs);
  }

  async rest(): Promise<void> {
    clearInterval(this.#timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#client.endAsync(true);
  }

  #drive(): void {
    // One that waits for the broker's receipt is enough: a client that piles up orders asks for late ones.
    if (!this.#client.connected || !this.#isWelcome || this.#onItsWay > 0) return;
    const { topics, device, qos } = this.where;
    const { level } = this.ledger.next();
    this.#onItsWay += 1;
    const { set } = topics.device(device).feature(LED.feature);
    this.#client.publish(set, JSON.stringify({ value: level / LEVELS }), { qos }, () => {
      this.#onItsWay -= 1;
    });
  }

  #heard(state: Readonly<Record<string, unknown>>): void {
    const share = state[LED.type];
    if (typeof share !== 'number' || share === 0) return;
    this.ledger.acknowledge(Math.round(share * LEVELS));
    this.lastAcknowledged = Date.now();
  }
}

export interface Sessions {
  readonly connector: () => MqttConnector;
  /** The one of `client.devices` that it drives. */
  readonly deviceIndex: number;
  readonly everyMs: number;
}

/** npm's `buttplug`, with a new client and a new session for every one that is lost. An Ok is what it takes for an answer. */
export class SessionDriver implements Driver {
  readonly ledger = new Ledger();
  lastAcknowledged = 0;
  /** How many sessions it has had. */
  sessions = 0;
  #isResting = false;
  readonly #life: Promise<void>;

  constructor(private readonly how: Sessions) {
    this.#life = this.#live();
  }

  async rest(): Promise<void> {
    this.#isResting = true;
    await this.#life;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rest();
  }

  async #live(): Promise<void> {
    while (!this.#isResting) {
      const client = new ButtplugClient('driver');
      // Neither a refusal nor a loss is a surprise here.
      await this.#session(client).catch(() => {});
      await client.disconnect().catch(() => {});
      if (!this.#isResting) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #session(client: ButtplugClient): Promise<void> {
    await client.connect(this.how.connector());
    this.sessions += 1;
    while (client.connected && !this.#isResting) {
      const device = client.devices.get(this.how.deviceIndex);
      const feature = device?.features.get(LED.feature);
      if (feature) {
        const command = this.ledger.next();
        await feature.runOutput(DeviceOutput.Led.value(command.level));
        command.acknowledgedAt = Date.now();
        this.lastAcknowledged = Date.now();
      }
      await new Promise((resolve) => setTimeout(resolve, this.how.everyMs));
    }
  }
}
