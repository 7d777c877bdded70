import type { Clock, Logger, Timer } from 'pulsegate/plugin';
import type { BrokerAddress, MqttVersion } from './address.js';
import { type EndOfLine, endOfError } from './end-of-line.js';
import { Pauses } from './pauses.js';

export interface RedialOptions {
  /** Undefined: there is no broker now. */
  readonly address: () => BrokerAddress | undefined;
  /** Resolves when a connection is there with all that belongs to it. */
  readonly dial: (address: BrokerAddress, version: MqttVersion) => Promise<void>;
  readonly onAttempt: () => void;
  readonly clientId: string;
  readonly root: string;
  readonly mostPauseMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A connection that has lasted so long was a good one, ms. */
const GOOD_MS = 10_000;
/** While the broker stays away, it is said this often, ms. */
const COMPLAINT_MS = 60_000;
/** Within this time, a client id that is taken a second time is somebody else's; the first may be a connection of our own that the broker finds late, ms. */
const CONTEST_MS = 300_000;
/** Brokers need not say it: so many connections in a row that did not last look like it. */
const SHORT_LIVES = 5;

/** Calls the broker again and again, from the first attempt on and for as long as it is not stopped. */
export class Redial {
  readonly #pauses: Pauses;
  #version: MqttVersion = 5;
  /** The broker has said that it speaks nothing newer than this version. */
  #isSure = false;
  #timer: Timer | undefined;
  #good: Timer | undefined;
  #isStopped = false;
  #complainedAt = Number.NEGATIVE_INFINITY;
  #complaint = '';
  #takenAt = Number.NEGATIVE_INFINITY;
  #rivalAt = Number.NEGATIVE_INFINITY;
  #shortLives = 0;

  constructor(private readonly options: RedialOptions) {
    this.#pauses = new Pauses(options.mostPauseMs);
  }

  start(): void {
    void this.#dial();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#good?.cancel();
  }

  /** Another gateway has been heard of by our name. */
  rival(): void {
    this.#rivalAt = this.options.clock.now();
    this.#complain(`mqtt: ${this.#contest('another')}`, 'contested');
  }

  /** A connection that was there has ended. */
  lost(end: EndOfLine): void {
    this.#good?.cancel();
    if (this.#isStopped) return;
    this.#warn(end, `mqtt: the connection is lost: ${end.text}`, 'lost');
    if (!this.#isSure) this.#version = 5;
  }

  async #dial(): Promise<void> {
    const address = this.options.address();
    const version = address?.version ?? this.#version;
    try {
      if (!address) {
        this.#failed({ kind: 'none', text: '' }, version, undefined);
        return;
      }
      await this.options.dial(address, version);
      this.#connected(address, version);
    } catch (error) {
      this.options.log.debug({ err: error }, 'mqtt: no connection');
      this.#failed(endOfError(error), version, address);
    }
  }

  #connected({ shown }: BrokerAddress, version: MqttVersion): void {
    const { clock, log, root } = this.options;
    log.info(`mqtt: connected to ${shown} (MQTT ${version === 5 ? '5' : '3.1.1'}), topics under ${root}`);
    // Of both, connections that come and go are a part.
    if (this.#complaint !== 'contested' && this.#complaint !== 'short') this.#complainedAt = Number.NEGATIVE_INFINITY;
    this.#good = clock.after(GOOD_MS, () => {
      this.#shortLives = 0;
      this.#pauses.reset();
    });
  }

  #failed(end: EndOfLine, version: MqttVersion, address: BrokerAddress | undefined): void {
    if (this.#isStopped) return;
    if (end.kind === 'version' && version === 5) {
      this.#version = 4;
      this.#isSure = true;
      this.#in(0);
      return;
    }
    if (address) {
      this.#warn(end, `mqtt: no connection to ${address.shown}: ${end.text}; it is tried again and again`, 'away');
    } else {
      this.#complain(NO_BROKER, 'none');
      this.#later('refused');
    }
    // Older brokers may just hang up on what they do not know. So do brokers that are not ready, so nothing is certain.
    if (end.kind === 'hung up' && !end.wasOpen && !this.#isSure) this.#version = version === 5 ? 4 : 5;
  }

  /** Says what is the matter, and sees to the next attempt. */
  #warn(end: EndOfLine, text: string, about: 'lost' | 'away'): void {
    if (end.wasOpen) this.#shortLives += 1;
    if (this.#isContested(end)) {
      this.#complain(`mqtt: ${this.#contest('another')}`, 'contested');
      this.#later('contested');
      return;
    }
    // Worth a hint and no longer pause: it may also be the broker that comes and goes.
    if (end.wasOpen && this.#shortLives > SHORT_LIVES) {
      this.#complain(`mqtt: no connection lasts (${end.text}); ${this.#contest('perhaps another')}`, 'short');
    } else if (about === 'lost') this.options.log.warn(text);
    else this.#complain(text, about);
    this.#later(end.kind === 'refused' ? 'refused' : 'away');
  }

  #later(reason: Parameters<Pauses['next']>[0]): void {
    this.#in(this.#pauses.next(reason));
  }

  #in(delayMs: number): void {
    this.options.onAttempt();
    this.#timer?.cancel();
    this.#timer = this.options.clock.after(delayMs, () => void this.#dial());
  }

  #isContested({ kind }: EndOfLine): boolean {
    const now = this.options.clock.now();
    const before = this.#takenAt;
    if (kind === 'taken over') this.#takenAt = now;
    return now - this.#rivalAt < CONTEST_MS || (kind === 'taken over' && now - before < CONTEST_MS);
  }

  #contest(who: string): string {
    const { clientId } = this.options;
    return `${who} client on the broker uses the id "${clientId}"; give each gateway a name of its own: plugins.transport-mqtt.gateway`;
  }

  /** Once in a while, and at once when it is something else. */
  #complain(text: string, about: string): void {
    const now = this.options.clock.now();
    // There is no broker until somebody changes the configuration.
    if (this.#complaint === about && (about === 'none' || now - this.#complainedAt < COMPLAINT_MS)) return;
    this.#complaint = about;
    this.#complainedAt = now;
    this.options.log.warn(text);
  }
}

const NO_BROKER =
  'mqtt: there is no broker to connect to: plugins.mqtt-broker does not run; plugins.transport-mqtt.broker may name another';
