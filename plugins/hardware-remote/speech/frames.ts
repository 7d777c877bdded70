import { ErrorCode, LinkError, RefusedError, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** One message from a server. Its fields are checked by whoever knows the message. */
export interface Incoming {
  readonly name: string;
  /** 0 for events. */
  readonly id: number;
  readonly body: unknown;
}

const Frame = Compile(Type.Array(Type.Record(Type.String(), Type.Unknown(), { minProperties: 1, maxProperties: 1 })));
const Body = Compile(Type.Object({ Id: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }) }));
const Failure = Compile(Type.Object({ ErrorMessage: Type.String(), ErrorCode: Type.Integer() }));

/** Throws a LinkError for what is no frame of the protocol. */
export function readFrame(text: string): Incoming[] {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    throw new LinkError('it sent what is not JSON');
  }
  if (!Frame.Check(frame)) throw new LinkError('it sent what is no frame of the Buttplug protocol');
  return frame.flatMap((message) =>
    Object.entries(message).map(([name, body]) => {
      if (!Body.Check(body)) throw new LinkError('it sent a message without an Id');
      return { name, id: body.Id, body };
    }),
  );
}

/** What an Error says; undefined when the message is something else. */
export function readFailure({ name, body }: Incoming): RefusedError | undefined {
  if (name !== 'Error') return undefined;
  if (!Failure.Check(body)) throw new LinkError('it sent an Error that does not have the form it must have');
  const text = body.ErrorMessage.replace(/\p{C}/gu, ' ').slice(0, 200);
  const code = Object.values(ErrorCode).find((known) => known === body.ErrorCode) ?? ErrorCode.Unknown;
  return new RefusedError(text, code);
}
