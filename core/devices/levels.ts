import type { DeviceLevels } from '../catalogue/definition.js';
import { isPositionType } from '../protocol/model.js';
import type { Output } from './output.js';

/** The levels of these outputs, as they are whenever somebody asks. */
export function levelsOf(outputs: readonly Output[]): DeviceLevels {
  const levelled = outputs.filter((output) => !isPositionType(output.type));
  return {
    get: (featureIndex, type) =>
      outputs.find((output) => output.feature.index === featureIndex && output.type === type)?.level ?? 0,
    at: (featureIndex) => {
      let strongest = 0;
      for (const { feature, level } of levelled) {
        if (feature.index === featureIndex) strongest = Math.max(strongest, Math.abs(level));
      }
      return strongest;
    },
    of: (wanted) => {
      let strongest = 0;
      for (const { type, level } of levelled) if (type === wanted) strongest = Math.max(strongest, Math.abs(level));
      return strongest;
    },
  };
}
