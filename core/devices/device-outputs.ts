import type { DeviceLevels, DeviceOutput, DeviceWrite, ProtocolHandler, Whereabouts } from '../catalogue/definition.js';
import type { Logger } from '../logging/logger.js';
import type { OutputType } from '../protocol/model.js';
import { levelsOf } from './levels.js';
import type { Output } from './output.js';

export interface DeviceOutputsParts {
  /** For the log. */
  readonly key: string;
  readonly handler: Pick<ProtocolHandler, 'output' | 'whereabouts' | 'resume'>;
  /** Others may drive it past this gateway. */
  readonly isRemote: boolean;
  readonly log: Logger;
}

/** The outputs of one device, and what its handler makes of orders to them and knows about its moves. */
export class DeviceOutputs {
  readonly #levels: DeviceLevels;

  constructor(
    readonly all: readonly Output[],
    private readonly parts: DeviceOutputsParts,
  ) {
    this.#levels = levelsOf(all);
  }

  get isActive(): boolean {
    return this.all.some((output) => output.isActive || this.#whereabouts(output)?.isMoving);
  }

  find(featureIndex: number, type: OutputType): Output | undefined {
    return this.all.find((output) => output.feature.index === featureIndex && output.type === type);
  }

  /**
   * Takes an order, and gives its packets. Throws what the handler throws, and then nothing has changed.
   */
  take(output: Output, order: DeviceOutput): readonly DeviceWrite[] {
    const undo = this.accept(output, order);
    let writes: readonly DeviceWrite[];
    try {
      writes = this.parts.handler.output(order, this.#levels);
    } catch (error) {
      undo();
      throw error;
    }
    // A part may be put to positions at once and in time: what comes last counts.
    if (order.type === 'Position') this.find(output.feature.index, 'HwPositionWithDuration')?.placed(order.value);
    return writes;
  }

  /** Of several orders, all are accepted before the packets of the first are made. */
  accept(output: Output, order: DeviceOutput): () => void {
    const undo = output.accept(order);
    if (this.parts.isRemote) output.forget();
    return undo;
  }

  /** Undefined: it is known to be off, or ends by itself. */
  stopOrder(output: Output): DeviceOutput | undefined {
    return output.stopOrder(this.#whereabouts(output));
  }

  /** The packets of a stop. Never throws; what has none is logged. */
  encodeStop(order: DeviceOutput): readonly DeviceWrite[] {
    try {
      return this.parts.handler.output(order, this.#levels);
    } catch (error) {
      const { key, log } = this.parts;
      log.error({ device: key, err: error }, `no packet stops ${order.type} of feature ${order.feature.index}`);
      return [];
    }
  }

  /** Nobody knows what they do any more. */
  forget(): void {
    for (const output of this.all) output.forget();
  }

  /** Where a timed move was last sent, 0…1 of the announced range. */
  lastPosition(featureIndex: number): number {
    const output = this.find(featureIndex, 'HwPositionWithDuration');
    const steps = output?.range.announced.value[1] ?? 0;
    return output?.isKnown && steps > 0 ? output.range.fromDevice(output.range.clampPosition(output.level)) / steps : 0;
  }

  /** Goes on from what they were told before the link broke. */
  resume(earlier: DeviceOutputs): void {
    for (const output of this.all) {
      const before = earlier.find(output.feature.index, output.type);
      if (!before) continue;
      output.resume(before);
      const from = earlier.#whereabouts(before);
      if (from) this.parts.handler.resume?.(output.feature, from);
      const now = this.#whereabouts(output);
      if (now && !now.isMoving) output.placed(now.position);
    }
  }

  /** Undefined: the handler knows no better than the time of the move tells. */
  #whereabouts({ feature, type }: Output): Whereabouts | undefined {
    if (type !== 'HwPositionWithDuration') return undefined;
    const { handler, key, log } = this.parts;
    try {
      return handler.whereabouts?.(feature);
    } catch (error) {
      log.error({ device: key, err: error }, `nobody can tell where feature ${feature.index} is`);
      return undefined;
    }
  }
}
