import type { ProtocolDefinition } from './definition.js';

/** Where protocol plugins bring their definitions. */
export interface ProtocolRegistry {
  /** Throws when the id is taken. */
  add(definition: ProtocolDefinition): Disposable;
}
