import Type from 'typebox';

/** The kinds of keys that the sections of the configuration are made of. */

export const milliseconds = (least: number, most: number, preset: number, description: string) =>
  Type.Integer({ minimum: least, maximum: most, default: preset, description });

export const number = (least: number, most: number, preset: number, description: string) =>
  Type.Integer({ minimum: least, maximum: most, default: preset, description });

export const flag = (preset: boolean, description: string) => Type.Boolean({ default: preset, description });

/** A path in the configuration; relative ones start at the folder of the configuration file. */
export const path = (options: { default?: string; description?: string } = {}) =>
  Type.String({ ...options, minLength: 1, 'x-path': true });

export const section = <P extends Type.TProperties>(description: string, properties: P) =>
  Type.Object(properties, { description, additionalProperties: false });
