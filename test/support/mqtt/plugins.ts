import type { Plugin } from 'pulsegate/plugin';
import { builtinPlugins } from '../../../core/builtin-plugins.js';

/** Those of them that a gateway does not bring along anyway. */
export const notBuiltIn = (...plugins: readonly Plugin[]): readonly Plugin[] =>
  plugins.filter(({ name }) => !builtinPlugins.some((builtin) => builtin.name === name));
