import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { protocols } from '../../../plugins/protocols/index.js';
import { systemClock } from '../../clock.js';
import type { Logger } from '../../logging/logger.js';
import { OUTPUT_TYPES } from '../../protocol/model.js';
import type { RunningGateway } from '../running-gateway.js';

const Output = Type.Object({
  feature: Type.Integer(),
  type: Type.Enum(OUTPUT_TYPES),
  level: Type.Number(),
  moving: Type.Optional(Type.Boolean()),
});
const Device = Type.Object({
  id: Type.String(),
  model: Type.String(),
  protocol: Type.String(),
  decoded: Type.Boolean(),
  outputs: Type.Array(Output),
});
type Device = Static<typeof Device>;

const device = Compile(Device);
const list = Compile(Type.Array(Type.Object({ id: Type.String() })));

/** Shorter than the usual gap between two packets to a device, 75 ms: what lasts shorter than that hardly gets there. */
const LOOK_EVERY_MS = 50;
/** An output has a line at most this often, ms. */
const SAY_EVERY_MS = 250;

/**
 * Says in the log what simulated devices do. It looks at them often, through the pages that everybody may look at
 * (`/api/simulated`): those show what became of the packets in the device, after every limit and queue, and nothing in the gateway
 * has to know that somebody watches.
 */
export class SimulatedOutputs {
  readonly #said = new Map<string, { readonly text: string; readonly at: number }>();
  readonly #ended = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly gateway: RunningGateway,
    private readonly log: Logger,
  ) {}

  /** From now on, until the end. */
  async start(): Promise<void> {
    for (const { decoded, model } of await this.#devices()) {
      if (!decoded) this.log.warn(`${model}: what it does cannot be shown; nobody has written down its inside`);
    }
    this.#looking = this.#keepLooking();
  }

  /** A last look, at what they do now. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#looking;
    await this.#look(0);
  }

  async #keepLooking(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await this.#look(SAY_EVERY_MS);
      await systemClock.sleep(LOOK_EVERY_MS, this.#ended.signal).catch(() => {});
    }
  }

  async #look(sayEveryMs: number): Promise<void> {
    const devices = await this.#devices();
    for (const one of devices) {
      // Two of a kind are told apart by what their pages are called.
      const isAlone = devices.every(({ id, model }) => id === one.id || model !== one.model);
      const name = isAlone ? one.model : `${one.model} (${one.id})`;
      for (const [type, outputs] of Map.groupBy(one.outputs, ({ type }) => type)) {
        const isAtRest = outputs.every(({ level, moving }) => level === 0 && !moving);
        this.#say(`${one.id} ${type}`, `${name}: ${type} ${levelsOf(one, outputs)}`, isAtRest, sayEveryMs);
      }
    }
  }

  #say(output: string, text: string, isAtRest: boolean, sayEveryMs: number): void {
    const now = systemClock.now();
    const said = this.#said.get(output);
    if (text === said?.text || (said && now - said.at < sayEveryMs)) return;
    // Everybody expects that at the beginning.
    if (said || !isAtRest) this.log.info(text);
    this.#said.set(output, { text, at: said || !isAtRest ? now : 0 });
  }

  async #devices(): Promise<readonly Device[]> {
    const answer = await this.gateway.ask('/api/simulated');
    const ids = list.Check(answer?.body) ? answer.body.map(({ id }) => id) : [];
    const answers = await Promise.all(ids.map((id) => this.gateway.ask(`/api/simulated/${id}`)));
    return answers.flatMap((answer) => (device.Check(answer?.body) ? [answer.body] : []));
  }
}

/** `10 of 20`; of several features that are not alike, `10 of 20, 0 of 20`. */
function levelsOf({ protocol, model }: Device, outputs: Device['outputs']): string {
  const known = protocols.find(({ id }) => id === protocol)?.models.find(({ name }) => name === model);
  const levels = outputs.map(({ feature, type, level, moving }) => {
    const range = known?.features.find(({ index }) => index === feature)?.outputs[type]?.value;
    const most = range ? ` of ${Math.max(...range.map(Math.abs))}` : '';
    return `${level}${most}${moving ? ', moving' : ''}`;
  });
  return [...new Set(levels)].join(', ');
}
