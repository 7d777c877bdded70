import { describeError, PluginError } from 'pulsegate/plugin';

export const PLUGIN = 'transport-mqtt';

/**
 * How a connection ended, or why it never came to be. `version`: the broker does not speak this version of MQTT. `taken over`:
 * another client came with our id. `refused`: it does not let us in. `hung up`: it closed without a word. `none`: there is none.
 */
export type EndKind = 'version' | 'taken over' | 'refused' | 'hung up' | 'cut' | 'none' | 'other';

export interface EndOfLine {
  readonly kind: EndKind;
  /** Half a sentence for people. */
  readonly text: string;
  /** The broker had said welcome. */
  readonly wasOpen?: boolean;
}

export class EndedError extends PluginError {
  constructor(
    readonly end: EndOfLine,
    options?: ErrorOptions,
  ) {
    super(PLUGIN, `No connection to the MQTT broker: ${end.text}`, options);
  }
}

export const away = () => new PluginError(PLUGIN, 'The MQTT broker is away');

const WRONG_PASSWORD = 'it does not take this user name and password (username and password of plugins.transport-mqtt)';
const NOT_LET_IN = 'it does not let this client in (username and password of plugins.transport-mqtt)';
const WRONG_ID = 'it does not take this client id (plugins.transport-mqtt.clientId)';
const WRONG_VERSION = 'it does not speak this version of MQTT';

/** What a broker answers to whoever wants to connect, by code: MQTT 3.1.1 below 128, MQTT 5 from there on. */
const ANSWERS: ReadonlyMap<number, EndOfLine> = new Map<number, EndOfLine>([
  [1, { kind: 'version', text: WRONG_VERSION }],
  [2, { kind: 'refused', text: WRONG_ID }],
  [3, { kind: 'other', text: 'it is not ready' }],
  [4, { kind: 'refused', text: WRONG_PASSWORD }],
  [5, { kind: 'refused', text: NOT_LET_IN }],
  [132, { kind: 'version', text: WRONG_VERSION }],
  [133, { kind: 'refused', text: WRONG_ID }],
  [134, { kind: 'refused', text: WRONG_PASSWORD }],
  [135, { kind: 'refused', text: NOT_LET_IN }],
  [138, { kind: 'refused', text: 'it has banned this client' }],
]);

/** What it says before it closes a connection, MQTT 5 only. */
const LAST_WORDS: ReadonlyMap<number, EndOfLine> = new Map<number, EndOfLine>([
  [139, { kind: 'other', text: 'the broker shuts down' }],
  [142, { kind: 'taken over', text: 'another client has taken its id' }],
  [149, { kind: 'other', text: 'the broker says that a message was too large' }],
  [151, { kind: 'other', text: 'the broker says that a quota is used up' }],
]);

/** What the system says of a connection that the other side has thrown away; which of them is a matter of luck. */
const BROKEN: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);
export const HUNG_UP: EndOfLine = { kind: 'hung up', text: 'the connection broke' };

export const endOfMessage = (code = 0): EndOfLine =>
  LAST_WORDS.get(code) ?? { kind: 'other', text: `the broker ended it (${code})` };

export function endOfError(error: unknown): EndOfLine {
  if (error instanceof EndedError) return error.end;
  // Failures to connect that come in bundles, one for each address of a name, have no text of their own.
  if (error instanceof AggregateError && error.errors.length > 0) return endOfError(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (BROKEN.has(code)) return HUNG_UP;
  const answer = typeof code === 'number' ? ANSWERS.get(code) : undefined;
  // Those of OpenSSL end with a line break.
  const [text] = describeError(error).trim().split('\n', 1);
  return answer ?? { kind: 'other', text: text || 'the connection could not be made' };
}
