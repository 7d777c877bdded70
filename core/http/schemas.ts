import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

const none = () => () => {
  throw new Error('Routes are checked by the compilers below');
};
/** In place of fastify's own schema library, which it would load at every start: 240 files for two routes. */
export const NO_COMPILERS = { buildValidator: none, buildSerializer: none };

/**
 * How routes check what they are sent: with the schema library of everything else. A body is taken as it is or refused:
 * nothing is dropped or turned into something else in silence.
 */
export const validatorOf: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema);
  return (value: unknown) => validator.Check(value) || { error: validator.Errors(value) };
};

/** Replies are of our own making: their schemas describe them and change nothing. */
export const serializerOf: FastifySerializerCompiler<TSchema> = () => JSON.stringify;
