import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Config } from '../config/schema.js';

/** Longest wait for an answer, ms. */
const ANSWER_MS = 1000;

export interface Answer {
  readonly status: number;
  /** Undefined: it was no JSON. */
  readonly body: unknown;
}

const PluginState = Type.Object({ state: Type.String(), reason: Type.Optional(Type.String()) });
const Health = Compile(Type.Object({ plugins: Type.Record(Type.String(), PluginState) }));

/** The gateway that runs on the port of a configuration, if one does. */
export class RunningGateway {
  /** `127.0.0.1:12345` */
  readonly address: string;

  /** @param token shown with every question */
  constructor(
    http: Config['http'],
    private readonly token = http.token,
  ) {
    this.address = `${reachable(http.host)}:${http.port}`;
  }

  /** How its plugins fare, by name. Undefined when no gateway answers. */
  async plugins(): Promise<ReadonlyMap<string, Static<typeof PluginState>> | undefined> {
    const answer = await this.ask('/health');
    return Health.Check(answer?.body) ? new Map(Object.entries(answer.body.plugins)) : undefined;
  }

  /** Undefined when nobody answers. */
  async ask(path: string, method: 'GET' | 'POST' = 'GET'): Promise<Answer | undefined> {
    try {
      const answer = await fetch(`http://${this.address}${path}`, {
        method,
        headers: this.token === undefined ? {} : { authorization: `Bearer ${this.token.reveal()}` },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const body: unknown = await answer.json().catch(() => undefined);
      return { status: answer.status, body };
    } catch {
      return undefined;
    }
  }
}

/** Not every system connects to the address that stands for all of them. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
