import type { IClientOptions, MqttClient } from 'mqtt';
import { MqttConnectorError } from './connector-error.js';

/** What the connector sees to itself: MQTT.js must neither keep commands nor send them later. */
type Decided =
  | 'clean'
  | 'connectTimeout'
  | 'manualConnect'
  | 'queueQoSZero'
  | 'reconnectPeriod'
  | 'resubscribe'
  | 'will';

export interface MqttConnectorOptions extends Omit<IClientOptions, Decided> {
  /**
   * Address of the broker, such as `mqtt://broker.lan:1883`; in a browser one that begins with ws:// or wss://. Or a client of
   * MQTT.js: it stays open, and cannot announce that the app has vanished, so that the gateway notices by the ping alone.
   */
  readonly broker: string | MqttClient;
  /** Name of the gateway on the broker. */
  readonly gateway: string;
  /** What all topics begin with; default `pulsegate`. */
  readonly baseTopic?: string;
  /**
   * Name of this app among the gateway's clients: 1 to 64 letters, digits, `-` and `_`. Of two clients of the same name, the later
   * one ends the session of the earlier one. Default: a name that nobody else has.
   */
  readonly client?: string;
  /** How long `connect` may take, ms; default 5000. */
  readonly timeoutMs?: number;
  /** Whether the connector pings in time, as npm's `buttplug` does not; default true. */
  readonly ping?: boolean;
  /** Makes messages of a frame. Only for `buttplug` 3.x: its `fromJSON`. */
  readonly parse?: (frame: string) => unknown;
}

/** Options without gaps. */
export interface Settings {
  readonly broker: string | MqttClient;
  readonly gateway: string;
  /** `pulsegate/kitchen` */
  readonly root: string;
  readonly client: string;
  readonly timeoutMs: number;
  readonly ping: boolean;
  readonly parse: ((frame: string) => unknown) | undefined;
  readonly mqtt: IClientOptions;
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Bytes of a name that nobody else has. */
const NONCE_BYTES = 16;

/** Checked at once: in a topic, a wrong name would lead somewhere else, or nowhere. */
export function settle(options: MqttConnectorOptions): Settings {
  const {
    broker,
    gateway,
    baseTopic = 'pulsegate',
    client = nonce(),
    timeoutMs = 5000,
    ping = true,
    parse,
    ...mqtt
  } = options;
  if (!NAME.test(gateway)) throw new MqttConnectorError(`"${gateway}" is not the name of a gateway`);
  if (!NAME.test(client))
    throw new MqttConnectorError(`"${client}" is not a name for a client: letters, digits, - and _`);
  if (baseTopic === '' || /[+#]/.test(baseTopic)) throw new MqttConnectorError(`"${baseTopic}" is not a topic`);
  return { broker, gateway, root: `${baseTopic}/${gateway}`, client, timeoutMs, ping, parse, mqtt };
}

/** Works on pages without TLS too, where there is no `randomUUID`. */
export function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
