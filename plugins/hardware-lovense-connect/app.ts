import { type Clock, LinkError, Type, withDeadline } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** Questions to the app on a phone, and to who knows phones (facts: protocols/lovense-connect). */

/** A toy that the app knows. */
export interface AppToy {
  readonly id: string;
  readonly name: string;
  readonly isConnected: boolean;
  /** Percent. */
  readonly battery: number;
}

const Toy = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  name: Type.String({ maxLength: 200 }),
  // Phone systems differ here.
  status: Type.Union([Type.Boolean(), Type.Number(), Type.String()]),
  battery: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
});
const ToyList = Type.Object({ data: Type.Optional(Type.Record(Type.String(), Type.Unknown())) });
const Directory = Type.Record(
  Type.String(),
  Type.Object({ httpPort: Type.Union([Type.Integer(), Type.String({ pattern: '^\\d{1,5}$' })]) }),
);
const fits = { toy: Compile(Toy), toyList: Compile(ToyList), directory: Compile(Directory) };

/** No answer has a reason to be longer, bytes. */
const LONGEST_ANSWER = 1_000_000;

/** From here on, an answer says that the app did nothing. */
const FAILURE = 500;

export class LovenseApp {
  /** By host: who asks while an answer is on its way gets the same one. */
  readonly #asked = new Map<string, Promise<readonly AppToy[]>>();

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
  ) {}

  /** The toys that the app on this phone knows. Rejects with a LinkError. */
  toys(host: string): Promise<readonly AppToy[]> {
    const asked = this.#asked.get(host) ?? this.#toys(host).finally(() => this.#asked.delete(host));
    this.#asked.set(host, asked);
    return asked;
  }

  async #toys(host: string): Promise<readonly AppToy[]> {
    const answer = await this.#json(`${host}/GetToys`);
    if (!fits.toyList.Check(answer)) throw new LinkError(`${host} did not answer with a list of toys`);
    return Object.values(answer.data ?? {}).flatMap((toy) => (fits.toy.Check(toy) ? [appToy(toy)] : []));
  }

  /** Addresses of the phones in this network. Rejects with a LinkError. */
  async hosts(directory: string): Promise<readonly string[]> {
    const answer = await this.#json(directory);
    if (!fits.directory.Check(answer)) return [];
    return Object.entries(answer).flatMap(([domain, { httpPort }]) => {
      const address = domain.split('.', 1)[0]?.replaceAll('-', '.') ?? '';
      return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? [`http://${address}:${httpPort}`] : [];
    });
  }

  /** Rejects with a LinkError when there is no answer, or one that says that the app has failed. */
  async order(host: string, text: string): Promise<void> {
    const { status } = await this.#get(`${host}/${text}`);
    if (status >= FAILURE) throw new LinkError(`${host} answered an order with status ${status}`);
  }

  async #json(url: string): Promise<unknown> {
    const { status, text } = await this.#get(url);
    if (status !== 200) throw new LinkError(`${url} answered with status ${status}`);
    try {
      return JSON.parse(text);
    } catch {
      throw new LinkError(`${url} did not answer with JSON`);
    }
  }

  async #get(url: string): Promise<{ readonly status: number; readonly text: string }> {
    const abort = new AbortController();
    const late = () => new LinkError(`${url} did not answer within ${this.limitMs} ms`);
    const asked = async () => {
      const response = await fetch(url, { signal: abort.signal, redirect: 'error' });
      return { status: response.status, text: await textOf(response) };
    };
    try {
      return await withDeadline(this.clock, this.limitMs, asked(), late);
    } catch (error) {
      if (error instanceof LinkError) throw error;
      throw new LinkError(`${url} cannot be reached: ${reasonOf(error)}`, { cause: error });
    } finally {
      abort.abort();
    }
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new LinkError('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function appToy({
  id,
  name,
  status,
  battery,
}: {
  id: string;
  name: string;
  status: boolean | number | string;
  battery?: number | null;
}): AppToy {
  const isConnected = status === true || status === 1 || status === '1' || status === 'true';
  return { id, name, isConnected, battery: Math.min(Math.max(Math.round(battery ?? 0), 0), 100) };
}

/** What `fetch` says of itself is always the same; the reason is below. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
