import { INPUT_TYPES, type InputType, OUTPUT_TYPES, type OutputType } from '../protocol/model.js';
import type { ProtocolDefinition } from './definition.js';

/** What the handler of a protocol can be told and asked, whichever model it is about. */
export interface KnownTypes {
  readonly outputs: ReadonlySet<OutputType>;
  readonly inputs: ReadonlySet<InputType>;
}

/** They can be read without the handler's help. */
const READ_WITHOUT_HANDLER: readonly InputType[] = ['Battery', 'RSSI'];

/** A handler is written for the models of its definition: what none of them has, it would take for something else. */
export function knownTypes({ models, alsoDrives = [] }: ProtocolDefinition): KnownTypes {
  const features = models.flatMap((model) => model.features);
  const outputs = OUTPUT_TYPES.filter((type) => features.some((feature) => feature.outputs[type]));
  const inputs = INPUT_TYPES.filter((type) => features.some((feature) => feature.inputs[type]));
  return { outputs: new Set([...outputs, ...alsoDrives]), inputs: new Set([...inputs, ...READ_WITHOUT_HANDLER]) };
}
