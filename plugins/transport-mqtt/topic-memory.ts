import { type Clock, type Logger, type RetainedScope, StateFile, type Static, Type } from 'pulsegate/plugin';

const Scope = Type.Object({ filter: Type.String(), prefix: Type.String() });
const State = Type.Object({
  /** Name of the gateway on brokers. */
  gateway: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,40}$' })),
  /** By the address of a broker: where this gateway has left something. */
  scopes: Type.Record(Type.String(), Type.Array(Scope)),
});
type State = Static<typeof State>;

/** What the gateway remembers of its topics from one start to the next. */
export class TopicMemory {
  #state: State = { scopes: {} };
  readonly #file: StateFile<typeof State>;

  constructor(path: string, clock: Clock, log: Logger) {
    this.#file = new StateFile({ path, what: 'file of MQTT topics', schema: State, clock, log });
  }

  async load(): Promise<void> {
    this.#state = (await this.#file.load()) ?? this.#state;
  }

  get gateway(): string | undefined {
    return this.#state.gateway;
  }

  name(gateway: string): void {
    if (this.#state.gateway === gateway) return;
    this.#state = { ...this.#state, gateway };
    this.#save();
  }

  scopes(broker: string): readonly RetainedScope[] {
    return this.#state.scopes[broker] ?? [];
  }

  remember(broker: string, scopes: readonly RetainedScope[]): void {
    if (JSON.stringify(this.scopes(broker)) === JSON.stringify(scopes)) return;
    this.#state = { ...this.#state, scopes: { ...this.#state.scopes, [broker]: [...scopes] } };
    this.#save();
  }

  async saved(): Promise<void> {
    await this.#file.saved();
  }

  #save(): void {
    this.#file.save(() => this.#state);
  }
}
