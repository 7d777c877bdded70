import { randomUUID } from 'node:crypto';
import { type mqttTopics, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import type { Line } from './line.js';

const ONLINE = 'online';
const OFFLINE = 'offline';
/** The part of a gateway's information that tells one run of it from every other. */
const info = Compile(Type.Object({ run: Type.String() }));

/** Tells the others on the broker whether this gateway is there. */
export class Presence {
  #isLeaving = false;
  #isCorrecting = false;
  #isRight = true;
  #hasArrived = false;
  readonly #run = randomUUID();

  constructor(
    private readonly topics: Pick<ReturnType<typeof mqttTopics>, 'status' | 'info'>,
    /** What is retained on `<root>/info`. */
    private readonly info: object,
    /** Another gateway goes by the same name. */
    private readonly onRival: () => void,
  ) {}

  /** What the broker says when the connection breaks. */
  get will() {
    return { topic: this.topics.status, payload: Buffer.from(OFFLINE), qos: 1, retain: true } as const;
  }

  async arrive(line: Line): Promise<void> {
    this.#hasArrived = true;
    await line.publish(this.topics.info, JSON.stringify({ ...this.info, run: this.#run }), 1, true);
    await line.publish(this.topics.status, ONLINE, 1, true);
  }

  /** Brokers are not to be relied on to say that another client has come with our id; a gateway says so itself. */
  heardInfo(payload: string): void {
    // Before the first time, it is what an earlier run has left.
    if (!this.#hasArrived || payload.includes(this.#run)) return;
    try {
      if (info.Check(JSON.parse(payload))) this.onRival();
    } catch {
      // It is no gateway's.
    }
  }

  async leave(line: Line): Promise<void> {
    this.#isLeaving = true;
    await line.publish(this.topics.status, OFFLINE, 1, true);
  }

  /**
   * A broker that was halted finds the end of our earlier connections after the new one has begun, and publishes their last wills
   * over what we have said since. They would stay.
   */
  heard(payload: string, line: Line): void {
    this.#isRight = payload === ONLINE;
    this.#correct(line);
  }

  #correct(line: Line): void {
    if (this.#isRight || this.#isCorrecting || this.#isLeaving || line.hasEnded) return;
    this.#isCorrecting = true;
    const done = () => {
      this.#isCorrecting = false;
      // Another will may have come after it.
      this.#correct(line);
    };
    line.publish(this.topics.status, ONLINE, 1, true).then(done, done);
  }
}
