import { covers, type Logger, type MqttListener, type MqttListenOptions, type MqttMessage } from 'pulsegate/plugin';

interface Entry extends Required<MqttListenOptions> {
  readonly listener: MqttListener;
}

/** One filter, as the broker knows it, and everybody who listens to it. */
interface Filter {
  readonly filter: string;
  /** The broker says it with every message, so that overlapping filters are told apart. */
  readonly identifier: number;
  readonly entries: Set<Entry>;
  /** What every topic that fits begins with. */
  readonly start: string;
}

/** Who listens to what. */
export class Subscriptions {
  readonly #filters = new Map<string, Filter>();
  /** Those with wildcards, the only ones that have to be looked through. */
  readonly #wild = new Set<Filter>();
  readonly #byIdentifier = new Map<number, Filter>();
  #nextIdentifier = 1;

  constructor(private readonly log: Logger) {}

  get all(): Iterable<Filter> {
    return this.#filters.values();
  }

  /** Returns the filter, whether the broker does not know it yet, and what ends it: true when it was the last of its filter. */
  add(filter: string, listener: MqttListener, { onlyFresh = false }: MqttListenOptions = {}) {
    const before = this.#filters.get(filter);
    const known = before ?? this.#create(filter);
    const entry = { listener, onlyFresh };
    known.entries.add(entry);
    const remove = (): boolean => {
      if (!known.entries.delete(entry) || known.entries.size > 0) return false;
      this.#byIdentifier.delete(known.identifier);
      this.#wild.delete(known);
      return this.#filters.delete(filter);
    };
    return { filter: known, isNew: !before, remove };
  }

  /**
   * Tells those who listen to it.
   *
   * @param identifiers those of the subscriptions this delivery is for: brokers of MQTT 5 deliver a message once for each of several
   *   that overlap. Without any, all that fit: older brokers that matter here (aedes, Mosquitto) deliver it once.
   * @param isFresh it is neither retained nor may have waited
   * @returns whether somebody was not told because it is not fresh
   */
  dispatch(message: MqttMessage, identifiers: readonly number[] | undefined, isFresh: boolean): boolean {
    let isLeftOut = false;
    for (const { entries } of identifiers ? this.#identified(identifiers) : this.#fitting(message.topic)) {
      for (const entry of [...entries]) {
        if (entry.onlyFresh && !isFresh) isLeftOut = true;
        else this.#tell(entry, message);
      }
    }
    return isLeftOut;
  }

  #create(filter: string): Filter {
    const wild = filter.search(/\/?[+#]/);
    const start = wild < 0 ? filter : filter.slice(0, wild);
    const created = { filter, identifier: this.#nextIdentifier, entries: new Set<Entry>(), start };
    this.#nextIdentifier += 1;
    this.#filters.set(filter, created);
    this.#byIdentifier.set(created.identifier, created);
    if (wild >= 0) this.#wild.add(created);
    return created;
  }

  #identified(identifiers: readonly number[]): readonly Filter[] {
    return identifiers.flatMap((identifier) => this.#byIdentifier.get(identifier) ?? []);
  }

  #fitting(topic: string): readonly Filter[] {
    const exact = this.#filters.get(topic);
    const wild = [...this.#wild].filter(({ filter, start }) => topic.startsWith(start) && covers(filter, topic));
    return exact ? [exact, ...wild] : wild;
  }

  #tell({ listener }: Entry, message: MqttMessage): void {
    try {
      listener(message);
    } catch (error) {
      this.log.error({ err: error, topic: message.topic }, 'a listener to MQTT messages failed');
    }
  }
}
