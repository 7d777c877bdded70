import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { HandshakeError, MessageError } from '../errors.js';
import { Exactly, Id, U32 } from './definition.js';
import { explainMismatch } from './mismatch.js';
import { NEWEST_SPEC, SPEC_VERSIONS, type SpecVersion } from './model.js';

/** What a client said of itself. */
export interface Handshake {
  readonly id: number;
  readonly clientName: string;
  readonly version: SpecVersion;
}

/** The client speaks a version this server does not know yet; it is told so and sent away. */
export class ClientTooNewError extends HandshakeError {
  constructor(readonly clientVersion: number) {
    super(
      `This client speaks spec version ${clientVersion}, this server at most version ${NEWEST_SPEC}; update the server, or use an older client`,
    );
  }
}

const request = Compile(
  Exactly({
    Id,
    ClientName: Type.String(),
    MessageVersion: Type.Optional(U32),
    ProtocolVersionMajor: Type.Optional(U32),
    ProtocolVersionMinor: Type.Optional(U32),
  }),
);

/** Newer clients may say more than we know; only what makes them newer matters. */
const newerRequest = Compile(
  Type.Object({ ProtocolVersionMajor: Type.Optional(U32), MessageVersion: Type.Optional(U32) }),
);

/**
 * Reads RequestServerInfo in either shape, for any version: the major version if there is one, else MessageVersion, else 0
 * (facts: B4). A minor version is accepted whatever it is (facts: messages, §2.3).
 */
export function readHandshake(body: unknown): Handshake {
  if (newerRequest.Check(body)) {
    const asked = body.ProtocolVersionMajor ?? body.MessageVersion ?? 0;
    if (asked > NEWEST_SPEC) throw new ClientTooNewError(asked);
  }
  if (!request.Check(body)) throw new MessageError(explainMismatch('RequestServerInfo', request.Type(), body));
  const asked = body.ProtocolVersionMajor ?? body.MessageVersion ?? 0;
  const version = SPEC_VERSIONS.find((known) => known === asked) ?? 0;
  return { id: body.Id, clientName: body.ClientName, version };
}
