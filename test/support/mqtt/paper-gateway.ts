import {
  type ButtplugConnector,
  type DeviceCard,
  DeviceError,
  type DeviceRegister,
  type DeviceRegisterEvents,
  type EmbeddedClient,
  type EmbeddedClientEvents,
  type EmbeddedTransport,
  Events,
  LinkError,
  type MessageBody,
  OUTPUT_TYPES,
  type OutputChange,
  type OutputType,
  type WireMessage,
} from 'pulsegate/plugin';

const fail = (error: unknown) => {
  throw error;
};

/** A gateway on paper, for whoever is a client of it: devices with outputs, and sessions that carry out orders a moment later. */
export class PaperGateway implements DeviceRegister, EmbeddedTransport {
  /** Orders and stops that were carried out, oldest first: `0/1 Vibrate 10`, `stop 0/1`. */
  readonly done: string[] = [];
  readonly sessions: PaperSession[] = [];
  /** Messages of this name are refused. */
  refuses: string | undefined;
  /** No session opens. */
  isClosed = false;
  /** What inputs read. */
  reads = 0;
  readonly #cards = new Map<number, DeviceCard>();
  readonly #levels = new Map<string, OutputChange>();
  readonly #events = new Events<DeviceRegisterEvents>(fail);

  get cards(): readonly DeviceCard[] {
    return [...this.#cards.values()];
  }

  /** The last that was opened. */
  get session(): PaperSession {
    const session = this.sessions.at(-1);
    if (!session) throw new Error('Nobody has opened a session');
    return session;
  }

  on: DeviceRegister['on'] = (event, listener) => this.#events.on(event, listener);

  card(deviceIndex: number): DeviceCard | undefined {
    return this.#cards.get(deviceIndex);
  }

  outputs(deviceIndex: number): readonly OutputChange[] {
    return [...this.#levels.values()].filter((output) => output.deviceIndex === deviceIndex);
  }

  level(feature: number, type: OutputType, deviceIndex = 0): number | undefined {
    return this.#levels.get(`${deviceIndex}/${feature} ${type}`)?.value;
  }

  add(card: DeviceCard): void {
    this.#cards.set(card.index, card);
    for (const { index, outputs } of card.features) {
      for (const type of OUTPUT_TYPES.filter((known) => outputs[known])) {
        this.#levels.set(`${card.index}/${index} ${type}`, {
          deviceIndex: card.index,
          featureIndex: index,
          type,
          value: 0,
        });
      }
    }
    this.#events.emit('added', card);
  }

  remove(card: DeviceCard): void {
    this.#cards.delete(card.index);
    this.#events.emit('removed', card, 'a test');
  }

  /** Anybody tells an output something; the same again says nothing new. */
  tell(featureIndex: number, type: OutputType, value: number, deviceIndex = 0): void {
    const key = `${deviceIndex}/${featureIndex} ${type}`;
    if (this.#levels.get(key)?.value === value) return;
    const change = { deviceIndex, featureIndex, type, value };
    this.#levels.set(key, change);
    this.#events.emit('output', change);
  }

  carryOut({ DeviceIndex, FeatureIndex, Command }: MessageBody): void {
    for (const [name, body] of Object.entries(Object(Command))) {
      const type = OUTPUT_TYPES.find((known) => known === name);
      if (!type) throw new Error(`${name} is no output`);
      const value = Number(Object(body).Value);
      this.done.push(`${DeviceIndex}/${FeatureIndex} ${type} ${value}`);
      this.tell(Number(FeatureIndex), type, value, Number(DeviceIndex));
    }
  }

  carryOutStop({ DeviceIndex, FeatureIndex, Inputs }: MessageBody): void {
    this.done.push(`stop ${DeviceIndex ?? 'all'}/${FeatureIndex ?? 'all'}${Inputs === false ? '' : ' and inputs'}`);
    for (const { deviceIndex, featureIndex, type } of [...this.#levels.values()]) {
      if (DeviceIndex !== undefined && deviceIndex !== DeviceIndex) continue;
      if (FeatureIndex !== undefined && featureIndex !== FeatureIndex) continue;
      this.tell(featureIndex, type, 0, deviceIndex);
    }
  }

  connector(): ButtplugConnector {
    throw new Error('There is none on paper');
  }

  async client(): Promise<EmbeddedClient> {
    if (this.isClosed) throw new LinkError('The session is over: a test');
    const session = new PaperSession(this);
    this.sessions.push(session);
    return session;
  }
}

class PaperSession implements EmbeddedClient {
  readonly devices = new Map<number, MessageBody>();
  readonly sent: string[] = [];
  isOver = false;
  readonly #events = new Events<EmbeddedClientEvents>(fail);

  constructor(private readonly gateway: PaperGateway) {}

  on: EmbeddedClient['on'] = (event, listener) => this.#events.on(event, listener);

  /** Everything is carried out in the order it was sent. */
  async send(name: string, fields: MessageBody = {}): Promise<WireMessage> {
    await Promise.resolve();
    if (this.isOver) throw new LinkError('The session is over: a test');
    if (this.gateway.refuses === name) throw new DeviceError('A test says no');
    this.sent.push(name);
    if (name === 'StopCmd') this.gateway.carryOutStop(fields);
    if (name === 'OutputCmd') this.gateway.carryOut(fields);
    return { Ok: {} };
  }

  async output(DeviceIndex: number, FeatureIndex: number, Command: MessageBody): Promise<void> {
    await this.send('OutputCmd', { DeviceIndex, FeatureIndex, Command });
  }

  async read(): Promise<number> {
    await this.send('InputCmd');
    return this.gateway.reads;
  }

  async subscribe(): Promise<void> {
    await this.send('InputCmd');
  }

  async unsubscribe(): Promise<void> {
    await this.send('InputCmd');
  }

  async stop(DeviceIndex?: number, FeatureIndex?: number): Promise<void> {
    await this.send('StopCmd', { DeviceIndex, FeatureIndex });
  }

  async startScanning(): Promise<void> {
    await this.send('StartScanning');
  }

  async stopScanning(): Promise<void> {
    await this.send('StopScanning');
  }

  async close(): Promise<void> {
    this.end('closed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** It is over, and nobody has asked for that. */
  end(reason = 'a test'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#events.emit('closed', reason);
  }

  /** It is over, and nobody is told. */
  vanish(): void {
    this.isOver = true;
  }

  reports(DeviceIndex: number, FeatureIndex: number, type: string, Value: number): void {
    this.#events.emit('inputReading', { DeviceIndex, FeatureIndex, Reading: { [type]: { Value } } });
  }

  scanningFinished(): void {
    this.#events.emit('scanningFinished');
  }
}
