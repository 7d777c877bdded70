import { type Static, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** What a device says first, as one text frame (facts: device-hardware, §1.5). */
const Handshake = Type.Object({
  /** What it is recognised by: the `name` of a websocket link. */
  identifier: Type.String({ minLength: 1, maxLength: 200 }),
  /** The same every time this device connects. */
  address: Type.String({ minLength: 1, maxLength: 200 }),
  version: Type.Integer({ minimum: 0 }),
});
export type Handshake = Static<typeof Handshake>;

const checked = Compile(Handshake);

/** Undefined for anything else. */
export function readHandshake(text: string): Handshake | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return checked.Check(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
