import type { Clock } from '../../clock.js';
import type { ResolvedScriptSettings } from '../../config/script-settings.js';
import type { Logger } from '../../logging/logger.js';
import type { MqttDoor } from '../../mqtt/door.js';
import { ScriptCalls } from './calls.js';
import { HttpAccess } from './http-access.js';
import { MqttAccess } from './mqtt-access.js';
import { ScriptStorage, storageFile } from './storage.js';

export interface AccessEnvironment {
  /** Folder of what scripts store. */
  readonly storage: string;
  readonly mqtt: MqttDoor;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What one run has to do with the outside. */
export interface RunAccess {
  readonly settings: ResolvedScriptSettings;
  readonly readText: (path: string) => Promise<string>;
  readonly onMqtt: (filter: string, topic: string, payload: string) => void;
  /** Aborted when the run is over: what is under way for it ends. */
  readonly lifetime: AbortSignal;
}

const KB = 1024;
const MAX_KEYS = 1000;

/** What one script may have outside its sandbox. It outlives the runs: starting anew gives a script no more of anything. */
export class ScriptAccess {
  #storage: ScriptStorage | undefined;
  #http: { readonly grant: string; readonly access: HttpAccess } | undefined;

  constructor(
    private readonly name: string,
    private readonly env: AccessEnvironment,
  ) {}

  /** Rejects with a ScriptError when the settings grant what cannot be granted. */
  async open({ settings, readText, onMqtt, lifetime }: RunAccess): Promise<ScriptCalls> {
    const { clock, log, mqtt: door } = this.env;
    const { storageKb, httpPerMinute } = settings.limits;
    const http = this.#httpFor(settings.http, httpPerMinute);
    const storage = await this.#storageOf(storageKb * KB);
    const mqtt = new MqttAccess(door, settings.mqtt, log, onMqtt);
    lifetime.addEventListener('abort', () => void mqtt[Symbol.asyncDispose](), { once: true });
    return new ScriptCalls({ storage, http, mqtt, readText }, clock, log, lifetime);
  }

  /** Resolves when everything that was stored is on disk. */
  async saved(): Promise<void> {
    await this.#storage?.flushed();
  }

  async #storageOf(maxBytes: number): Promise<ScriptStorage> {
    const { storage, log, clock } = this.env;
    // Two at a time would each write without the other's changes.
    await this.saved();
    this.#storage = new ScriptStorage(storageFile(storage, this.name), { maxBytes, maxKeys: MAX_KEYS }, log, clock);
    return this.#storage;
  }

  /** The same one as long as the grant is the same: it knows how many requests there were. */
  #httpFor(hosts: readonly string[], maxPerMinute: number): HttpAccess {
    const grant = JSON.stringify([hosts, maxPerMinute]);
    if (this.#http?.grant !== grant) {
      const { clock, log } = this.env;
      this.#http = { grant, access: new HttpAccess({ hosts, maxPerMinute, clock, log }) };
    }
    return this.#http.access;
  }
}
