import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Value } from 'typebox/value';
import { MqttDoor } from '../../../core/mqtt/door.js';
import { config } from '../../../plugins/home-assistant/config.js';
import { HomeAssistant } from '../../../plugins/home-assistant/home-assistant.js';
import { FakeClock } from '../fake-clock.js';
import { PaperBroker } from './paper-broker.js';
import { PaperRegister } from './paper-register.js';

/** The plugin between a register, a broker and a clock that do as they are told; its file is a real one. */
export class HomeAssistantStage implements AsyncDisposable {
  readonly broker = new PaperBroker();
  register = new PaperRegister();
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  #plugin: HomeAssistant | undefined;
  #connection: Disposable | undefined;

  private constructor(readonly folder: string) {}

  static async create(): Promise<HomeAssistantStage> {
    return new HomeAssistantStage(await mkdtemp(join(tmpdir(), 'pulsegate-home-assistant-')));
  }

  get file(): string {
    return join(this.folder, 'home-assistant.json');
  }

  /** A gateway starts, without any device yet. @param section keys of `plugins.home-assistant` */
  async start(section: object = {}): Promise<void> {
    this.register = new PaperRegister();
    const door = new MqttDoor();
    this.#plugin = new HomeAssistant({
      config: Value.Parse(config, Value.Default(config, { state: this.file, birth: {}, ...section })),
      version: '1.2.3',
      mqtt: door,
      register: this.register,
      clock: this.clock,
      log: pino({ level: 'debug' }, { write: (line) => this.log.push(line) }),
    });
    await this.#plugin.start();
    this.#connection = door.provide(this.broker);
    await this.clock.advance(0);
  }

  async stop(): Promise<void> {
    this.#connection?.[Symbol.dispose]();
    await this.#plugin?.stop();
    this.#plugin = undefined;
  }

  async restart(section: object = {}): Promise<void> {
    await this.stop();
    await this.start(section);
  }

  /** Object ids with a retained configuration. */
  get announced(): string[] {
    return [...this.broker.retained.keys()].flatMap((topic) => /\/device\/(.+)\/config$/.exec(topic)?.[1] ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
