import type { Socket } from 'node:net';
import { systemClock } from '../../core/clock.js';
import { blueprintOf } from '../../plugins/hardware-simulated/blueprint.js';
import { findModel } from '../../plugins/hardware-simulated/models.js';
import { SimulatedToy } from '../../plugins/hardware-simulated/toy.js';
import { protocols } from '../../plugins/protocols/index.js';

/** How bytes get from a dongle to its host. */
export type Send = (text: string) => void;

/** A Lovense dongle as the host sees it, whatever is between them, and a toy in its reach (facts: protocols/lovense-dongle). */
export class EmulatedDongle {
  /** Lines that it was told, oldest first. */
  readonly told: string[] = [];
  /** The toy can be found. */
  isToyInReach = true;
  /** What a dongle does that never confirms. */
  confirmsStop = true;
  #send: Send = () => {};
  #rest = '';
  #isConnected = false;
  #isSearching = false;

  private constructor(readonly toy: SimulatedToy) {
    toy.connect((_endpoint, data) =>
      this.#say({ type: 'toy', func: 'toyData', data: { id: toy.address, data: Buffer.from(data).toString() } }),
    );
  }

  static async create(model = 'Lovense Edge'): Promise<EmulatedDongle> {
    const blueprint = await blueprintOf('test', findModel('test', protocols, { model, protocol: 'lovense' }));
    return new EmulatedDongle(new SimulatedToy(blueprint, { id: '1', address: 'C4D1E2F3A4B5' }, 80, systemClock));
  }

  /** Plugs it in at a serial line. */
  serve(line: Socket): void {
    this.#isSearching = false;
    line.setEncoding('utf8').on('data', (text) => this.take(String(text)));
    this.attach((text) => void line.write(text));
  }

  attach(send: Send): void {
    this.#send = send;
  }

  take(text: string): void {
    const lines = `${this.#rest}${text}`.split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#heard(line);
  }

  /** It is without power for a moment: its toy goes on with what it does, and is not connected any more. */
  losePower(): void {
    this.#isConnected = false;
    this.#isSearching = false;
  }

  /** The toy is switched off, or goes away. */
  loseToy(): void {
    this.isToyInReach = false;
    this.#isConnected = false;
    this.#say({ type: 'toy', func: 'status', data: { id: this.toy.address, status: 403 } });
  }

  #heard(line: string): void {
    this.told.push(line);
    const { func, id, cmd } = JSON.parse(line) as { func: string; id?: string; cmd?: string };
    if (func === 'statuss' && this.#isConnected) this.#connected();
    else if (func === 'search') this.#search();
    else if (func === 'stopSearch') this.#stopSearch();
    else if (func === 'command' && id === this.toy.address && cmd !== undefined) {
      this.#say({ type: 'toy', func: 'command', result: 200 });
      this.toy.write('tx', Buffer.from(cmd));
    }
  }

  #search(): void {
    this.#isSearching = true;
    this.#say({ type: 'toy', func: 'search', result: 205 });
    if (this.isToyInReach) this.#say({ type: 'toy', func: 'toyData', data: { id: this.toy.address, data: '' } });
  }

  #stopSearch(): void {
    if (!this.#isSearching) return;
    this.#isSearching = false;
    this.#say({ type: 'usb', func: 'stopSearch', result: 200 });
    if (this.confirmsStop) this.#say({ type: 'toy', func: 'search', result: 206 });
    if (this.isToyInReach) this.#connected();
  }

  #connected(): void {
    this.#isConnected = true;
    this.#say({ type: 'toy', func: 'status', data: { id: this.toy.address, status: 202 } });
  }

  #say(message: object): void {
    this.#send(`${JSON.stringify(message)}\r\n`);
  }
}
