import type { SimulatedApi } from '../simulated-api.js';
import { decode, type TestbedPacket } from '../stop/outputs.js';

/** Every packet that reached a simulated testbed. The gateway shows the last hundred: whoever wants all has to look often. */
export class PacketTape {
  readonly #packets: TestbedPacket[] = [];
  #newest: readonly string[] = [];

  constructor(
    private readonly simulated: SimulatedApi,
    private readonly id: string,
    private readonly feature: number,
  ) {}

  /** Those of the feature, oldest first, up to the last `pull`. */
  get packets(): readonly TestbedPacket[] {
    return this.#packets;
  }

  async pull(): Promise<readonly TestbedPacket[]> {
    const shown = (await this.simulated.state(this.id)).packets.map(({ time, hex }) => `${time} ${hex}`);
    const fresh = shown.slice(this.#alreadySeen(shown));
    this.#newest = shown;
    for (const line of fresh) {
      const [time = '', hex = ''] = line.split(' ');
      const packet = decode(Date.parse(time), hex);
      if (packet.feature === this.feature) this.#packets.push(packet);
    }
    return this.#packets;
  }

  /** How many at the front were there at the last look; throws when some came and went in between. */
  #alreadySeen(shown: readonly string[]): number {
    if (this.#newest.length === 0) return 0;
    for (let gone = 0; gone < this.#newest.length; gone += 1) {
      const known = this.#newest.slice(gone);
      if (known.every((line, place) => line === shown[place])) return known.length;
    }
    throw new Error(`Packets of ${this.id} were missed: look more often`);
  }
}
