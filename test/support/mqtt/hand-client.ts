import { randomUUID } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { mqttTopics } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { PATIENCE_MS } from '../timing.js';
import type { Message } from '../wire-client.js';

const VERSION = { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 };

/** Somebody on the broker. */
export async function somebody(url: string): Promise<MqttClient & AsyncDisposable> {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.endAsync(true) });
}

/** A session written by hand, without a library that helps or hinders: says what it is told to, as often as it is told to. */
export class HandClient implements AsyncDisposable {
  /** Everything on `down`, oldest first. */
  readonly heard: string[] = [];
  readonly topics: ReturnType<ReturnType<typeof mqttTopics>['session']>;
  #number = 0;

  private constructor(
    readonly mqtt: MqttClient,
    root: string,
    client: string,
    session: string,
  ) {
    this.topics = mqttTopics(root).session(client, session);
    mqtt.on('message', (_topic, payload) => this.heard.push(payload.toString()));
    mqtt.on('error', () => {});
  }

  /** Listens, has a last will, and has not said anything. */
  static async open(
    url: string,
    root: string,
    { client = 'hand', session = randomUUID() as string } = {},
  ): Promise<HandClient> {
    const { gone } = mqttTopics(root).session(client, session);
    const mqtt = await connectAsync(url, {
      reconnectPeriod: 0,
      will: { topic: gone, payload: Buffer.alloc(0), qos: 1, retain: false },
    });
    const hand = new HandClient(mqtt, root, client, session);
    await mqtt.subscribeAsync(hand.topics.down, { qos: 1 });
    return hand;
  }

  /** One that has done its handshake. */
  static async connect(url: string, root: string, names: { client?: string; session?: string } = {}) {
    const hand = await HandClient.open(url, root, names);
    await hand.say({ RequestServerInfo: { Id: 1, ClientName: 'hand', ...VERSION } });
    await hand.hears('"ServerInfo"');
    return hand;
  }

  /** The next number, and these messages. */
  async say(...messages: readonly Message[]): Promise<void> {
    this.#number += 1;
    await this.raw(`${this.#number} ${JSON.stringify(messages)}`);
  }

  async raw(payload: string | Buffer, retain = false): Promise<void> {
    await this.mqtt.publishAsync(this.topics.up, payload, { qos: 1, retain });
  }

  /** Sets an output of device 0, and sees it accepted. */
  async drive(FeatureIndex: number, command: Message, Id = 7): Promise<void> {
    await this.say({ OutputCmd: { Id, DeviceIndex: 0, FeatureIndex, Command: command } });
    await this.hears(`[{"Ok":{"Id":${Id}}}]`);
  }

  async hears(text: string): Promise<void> {
    await expect
      .poll(() => this.heard.some((payload) => payload.includes(text)), { interval: 5, timeout: PATIENCE_MS })
      .toBe(true);
  }

  /** The process is gone, without a word. */
  vanish(): void {
    this.mqtt.stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.mqtt.endAsync(true);
  }
}
