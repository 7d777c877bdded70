import Type from 'typebox';
import type { Secret } from './secret.js';

/** The kinds of keys that the sections of the configuration are made of. */

export const milliseconds = (least: number, most: number, preset: number, description: string) =>
  Type.Integer({ minimum: least, maximum: most, default: preset, description });

export const number = (least: number, most: number, preset: number, description: string) =>
  Type.Integer({ minimum: least, maximum: most, default: preset, description });

export const flag = (preset: boolean, description: string) => Type.Boolean({ default: preset, description });

/** A path in the configuration; relative ones start at the folder of the configuration file. */
export const path = (options: { default?: string; description?: string } = {}) =>
  Type.String({ ...options, minLength: 1, 'x-path': true });

/** Text that is never shown. In the file it stands as it is, or as `file:PATH` or `env:NAME`, which say where it is. */
export const secret = (description: string, { minLength = 1 } = {}) =>
  Type.Unsafe<Secret>(Type.String({ minLength, 'x-secret': true, description }));

export const section = <P extends Type.TProperties>(description: string, properties: P) =>
  Type.Object(properties, { description, additionalProperties: false });
