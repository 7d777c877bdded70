import { MessageError } from '../errors.js';
import {
  INPUT_COMMANDS,
  INPUT_TYPES,
  type InputCommandType,
  type InputType,
  OUTPUT_TYPES,
  type OutputType,
} from './model.js';

/**
 * Type names as clients write them: besides the proper spelling the reference takes snake case (`hw_position_with_duration`,
 * `battery`), and some write `Rssi` (facts: messages, §4.1, B25).
 */
function namesOf<T extends string>(proper: readonly T[]): ReadonlyMap<string, T> {
  return new Map(
    proper.flatMap((name) => {
      const snake = name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
      return [
        [name, name],
        [snake, name],
      ];
    }),
  );
}

const outputTypes = namesOf(OUTPUT_TYPES);
const inputTypes = new Map<string, InputType>([...namesOf(INPUT_TYPES), ['Rssi', 'RSSI']]);
const inputCommands = namesOf(INPUT_COMMANDS);

export const outputTypeNamed = (name: string): OutputType | undefined => outputTypes.get(name);

export function readInputType(name: string, field: string): InputType {
  const type = inputTypes.get(name);
  if (!type)
    throw new MessageError(`${field}: there is no "${name.slice(0, 40)}"; known are ${INPUT_TYPES.join(', ')}`);
  return type;
}

export function readInputCommand(name: string): InputCommandType {
  const command = inputCommands.get(name);
  if (!command) {
    throw new MessageError(
      `InputCmd.Command: there is no "${name.slice(0, 40)}"; known are ${INPUT_COMMANDS.join(', ')}`,
    );
  }
  return command;
}
