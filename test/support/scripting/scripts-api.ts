import { expect } from 'vitest';
import type { ScriptAction } from '../../../core/scripting/scripts.js';
import { PATIENCE_MS } from '../timing.js';

/** A script, as `GET /api/scripts/<name>` shows it. */
export interface ShownScript {
  readonly name: string;
  readonly state: string;
  readonly starts: number;
  readonly session?: string;
  readonly lastError?: { readonly message: string; readonly stack?: readonly string[] };
}

export interface ShownScripts {
  readonly host: { readonly state: string; readonly pid?: number };
  readonly scripts: readonly ShownScript[];
}

/** Looks at scripts from outside, over HTTP, and starts and stops them. */
export class ScriptsApi {
  /** @param token of `scripts.token`; stopping and looking need none */
  constructor(
    private readonly origin: string,
    private readonly token?: string,
  ) {}

  async all(): Promise<ShownScripts> {
    return (await this.#ask('GET', '/api/scripts')) as ShownScripts;
  }

  async get(name: string): Promise<ShownScript> {
    return (await this.#ask('GET', `/api/scripts/${encodeURIComponent(name)}`)) as ShownScript;
  }

  async act(name: string, action: ScriptAction): Promise<void> {
    await this.#ask('POST', `/api/scripts/${encodeURIComponent(name)}/${action}`);
  }

  async reaches(name: string, state: string): Promise<void> {
    await expect
      .poll(async () => (await this.get(name)).state, { interval: 5, timeout: PATIENCE_MS, message: name })
      .toBe(state);
  }

  async #ask(method: 'GET' | 'POST', path: string): Promise<unknown> {
    const headers = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.origin}${path}`, { method, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
