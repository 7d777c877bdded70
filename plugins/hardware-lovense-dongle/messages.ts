import { type Static, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** What a dongle says and is told (facts: protocols/lovense-dongle). How the bytes get there is another's business. */

/** Codes of results and of states. */
export const CODE = { succeeded: 200, connected: 202, stopped: 206, disconnected: 403 } as const;

const FUNCTIONS = [
  'reset',
  'init',
  'search',
  'stopSearch',
  'status',
  'command',
  'toyData',
  'connect',
  'error',
  'statuss',
];

const DongleMessage = Type.Object({
  type: Type.Enum(['usb', 'toy']),
  func: Type.Enum(FUNCTIONS),
  result: Type.Optional(Type.Integer()),
  data: Type.Optional(
    Type.Object({
      id: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      data: Type.Optional(Type.String()),
      status: Type.Optional(Type.Integer()),
    }),
  ),
});
export type DongleMessage = Static<typeof DongleMessage>;

const checked = Compile(DongleMessage);

/** Ends a line to the dongle. */
const LINE_END = '\r\n';
/** Of a line that never ends, so much is kept, characters. */
const LONGEST_LINE = 8_192;

const line = (message: object): string => `${JSON.stringify(message)}${LINE_END}`;

export const ASK_FOR_TOY = line({ type: 'toy', func: 'statuss' });
export const SEARCH = line({ type: 'toy', func: 'search' });
export const STOP_SEARCH = line({ type: 'usb', func: 'stopSearch' });
export const commandTo = (id: string, cmd: string): string => line({ type: 'toy', func: 'command', id, cmd });

/** Cuts what comes in into messages. What is none is left out. */
export class DongleLines {
  #rest = '';

  /** @param text may have the zeros that reports are filled up with */
  take(text: string): readonly DongleMessage[] {
    const lines = `${this.#rest}${text.replaceAll('\0', '')}`.split('\n');
    this.#rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
    return lines.flatMap(messagesIn);
  }
}

/** A line may have several, one behind the other. */
function messagesIn(text: string): readonly DongleMessage[] {
  return text.split(/(?<=\})\s*(?=\{)/).flatMap((part) => {
    const message = parsed(part);
    return checked.Check(message) ? [message] : [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
