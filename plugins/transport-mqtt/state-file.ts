import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, type Logger, type RetainedScope, type Static, setAside, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import writeFileAtomic from 'write-file-atomic';

const Scope = Type.Object({ filter: Type.String(), prefix: Type.String() });
const State = Type.Object({
  /** Name of the gateway on brokers. */
  gateway: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,40}$' })),
  /** By the address of a broker: where this gateway has left something. */
  scopes: Type.Record(Type.String(), Type.Array(Scope)),
});
type State = Static<typeof State>;
const state = Compile(State);

/** What the gateway remembers of its topics from one start to the next. */
export class StateFile {
  #state: State = { scopes: {} };
  #saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async load(): Promise<void> {
    try {
      const content: unknown = JSON.parse(await readFile(this.path, 'utf8'));
      if (!state.Check(content)) throw new SyntaxError('it does not have the form the gateway writes');
      this.#state = content;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      if (!(error instanceof SyntaxError)) {
        this.log.warn({ err: error, file: this.path }, 'the file of MQTT topics is not readable');
        return;
      }
      const aside = await setAside(this.path, 'the damaged file of MQTT topics', this.clock, this.log);
      this.log.warn(
        { file: aside },
        `the file of MQTT topics is damaged (${error.message}); it is kept aside and a new one begun`,
      );
    }
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
    await this.#saving;
  }

  #save(): void {
    this.#saving = this.#saving.then(async () => {
      try {
        await mkdir(dirname(this.path), { recursive: true });
        await writeFileAtomic(this.path, `${JSON.stringify(this.#state, null, 2)}\n`);
      } catch (error) {
        this.log.warn({ err: error, file: this.path }, 'the file of MQTT topics could not be written');
      }
    });
  }
}
