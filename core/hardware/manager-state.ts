import { type EventSource, Events } from '../events.js';
import type { Logger } from '../logging/logger.js';
import type { Discovery, HardwareLink, HardwareManagerEvents } from './contract.js';

/**
 * What every hardware manager keeps: who listens, which links are open, and what has been complained of. A manager has one of
 * these and offers its `on`.
 */
export class ManagerState<L extends HardwareLink> implements EventSource<HardwareManagerEvents> {
  readonly #events: Events<HardwareManagerEvents>;
  readonly #links = new Set<L>();
  readonly #complaints = new Map<string, string>();

  constructor(private readonly log: Logger) {
    this.#events = Events.logged(log);
  }

  readonly on: EventSource<HardwareManagerEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  /** Links that are open; a list of its own, so that they may be ended one by one. */
  get links(): readonly L[] {
    return [...this.#links];
  }

  discovered(discovery: Discovery): void {
    this.#events.emit('discovered', discovery);
  }

  scanFinished(): void {
    this.#events.emit('scanFinished');
  }

  /**
   * Keeps a link until it is gone, which is logged. Returns it.
   *
   * @param onGone called then
   */
  keep(link: L, onGone: (reason: string) => void = () => {}): L {
    this.#links.add(link);
    link.on('disconnected', (reason) => {
      this.#links.delete(link);
      const { name, address } = link;
      this.log.debug({ name, address }, `disconnected: ${reason}`);
      onGone(reason);
    });
    return link;
  }

  /**
   * Warns, unless that was the last thing said: what is looked at again and again is told once.
   *
   * @param subject where several things are looked at, which
   */
  complain(sentence: string, subject = ''): void {
    if (this.#complaints.get(subject) !== sentence) this.log.warn(sentence);
    this.#complaints.set(subject, sentence);
  }

  /** All is well: the next complaint is said, even if it is the same. */
  isFine(subject = ''): void {
    this.#complaints.delete(subject);
  }

  /** Resolves when every link has ended. */
  async disconnectAll(): Promise<void> {
    await Promise.all(this.links.map((link) => link.disconnect()));
  }
}
