import type { Advertisement, BluetoothSpecifier, LinkSpecifier } from '../hardware/contract.js';
import type { ProtocolDefinition } from './definition.js';

/** A protocol that claims a piece of hardware, and the link entry it claims it by. */
export interface Candidate {
  readonly definition: ProtocolDefinition;
  readonly specifier: LinkSpecifier;
}

/** Candidates by what they are looked up with; those of one key by the id of their protocol. */
class Lookup<K> {
  readonly #candidates = new Map<K, Candidate[]>();

  add(key: K, candidate: Candidate): void {
    const known = this.#candidates.get(key) ?? [];
    const { id } = candidate.definition;
    const place = known.findIndex(({ definition }) => definition.id > id);
    known.splice(place < 0 ? known.length : place, 0, candidate);
    this.#candidates.set(key, known);
  }

  find(key: K): readonly Candidate[] {
    return this.#candidates.get(key) ?? NONE;
  }
}

const NONE: readonly Candidate[] = [];

/** The port of protocols whose devices may be on any: a person says which is on which. */
const ANY_PORT = 'default';

interface ManufacturerEntry extends Candidate {
  readonly known: Buffer | undefined;
}

/**
 * Finds the protocols that claim a piece of hardware without looking at all of them: a home has many Bluetooth devices that
 * advertise several times a second. Several protocols may claim one advertisement; the most specific claim comes first, always in
 * the same order: an exact name, the longest prefix of a name, manufacturer data, an advertised service (facts: B38).
 */
export class Matcher {
  readonly #names = new Lookup<string>();
  readonly #prefixes = new Lookup<string>();
  /** Of all prefixes, the longest first. */
  #prefixLengths: readonly number[] = [];
  readonly #companies = new Map<number, ManufacturerEntry[]>();
  readonly #services = new Lookup<string>();
  /** Serial ports, USB ids and handshake identifiers; for links of which all match, nothing. */
  readonly #others = new Lookup<string>();
  /** By protocol and kind of link. */
  readonly #named = new Lookup<string>();

  /** @param preferred link entries that go before all others */
  constructor(
    definitions: Iterable<ProtocolDefinition>,
    private readonly preferred: ReadonlySet<LinkSpecifier> = new Set(),
  ) {
    for (const definition of definitions) {
      for (const specifier of definition.links) this.#add({ definition, specifier });
    }
  }

  /** Each link entry once, most specific first. */
  find(advertisement: Advertisement): readonly Candidate[] {
    const { protocol, kind } = advertisement;
    if (protocol !== undefined) return this.#findNamed(protocol, advertisement);
    const found = kind === 'bluetooth' ? this.#findBluetooth(advertisement) : this.#others.find(keyOf(advertisement));
    return found.length < 2 ? found : this.#inOrder(found);
  }

  /** The link entry of a protocol that a person has named. What one says of another serial port does not hold for this one. */
  #findNamed(protocol: string, { kind, name }: Advertisement): readonly Candidate[] {
    const found = this.#named.find(`${protocol} ${kind}`);
    const ofPort = (port: string) =>
      found.find(({ specifier }) => specifier.kind === 'serial' && specifier.port === port);
    const chosen = ofPort(name) ?? ofPort(ANY_PORT) ?? found[0];
    return chosen ? [chosen] : NONE;
  }

  #inOrder(found: readonly Candidate[]): readonly Candidate[] {
    const rank = ({ specifier, definition: { before = [] } }: Candidate) => {
      if (this.preferred.has(specifier)) return 0;
      return found.some(({ definition }) => before.includes(definition.id)) ? 1 : 2;
    };
    return found.toSorted((left, right) => rank(left) - rank(right));
  }

  #findBluetooth(advertisement: Advertisement): readonly Candidate[] {
    const found = new Set<Candidate>();
    const { name, manufacturerData, services } = advertisement;
    for (const candidate of this.#names.find(name)) found.add(candidate);
    for (const length of this.#prefixLengths) {
      if (length > name.length) continue;
      for (const candidate of this.#prefixes.find(name.slice(0, length))) found.add(candidate);
    }
    for (const [company, data] of manufacturerData ?? []) {
      for (const entry of this.#companies.get(company) ?? []) if (carries(data, entry.known)) found.add(entry);
    }
    for (const service of services ?? []) for (const candidate of this.#services.find(service)) found.add(candidate);
    return found.size > 1 ? onePerLink(found) : [...found];
  }

  #add(candidate: Candidate): void {
    const { specifier } = candidate;
    this.#named.add(`${candidate.definition.id} ${specifier.kind}`, candidate);
    switch (specifier.kind) {
      case 'bluetooth':
        this.#addBluetooth(candidate, specifier);
        break;
      case 'hid':
      case 'usb':
        for (const pair of specifier.pairs)
          this.#others.add(keyOf({ kind: specifier.kind, name: '', ...pair }), candidate);
        break;
      case 'serial':
        if (specifier.port !== ANY_PORT) this.#others.add(keyOf({ kind: 'serial', name: specifier.port }), candidate);
        break;
      case 'websocket':
        this.#others.add(keyOf({ kind: 'websocket', name: specifier.name }), candidate);
        break;
      case 'xinput':
      case 'lovense-connect':
      case 'remote':
        this.#others.add(keyOf({ kind: specifier.kind, name: '' }), candidate);
        break;
    }
  }

  #addBluetooth(candidate: Candidate, specifier: BluetoothSpecifier): void {
    for (const name of specifier.names) {
      if (name.endsWith('*')) this.#addPrefix(name.slice(0, -1), candidate);
      else this.#names.add(name, candidate);
    }
    for (const { company, data } of specifier.manufacturerData ?? []) {
      const known = data && Buffer.from(data);
      this.#companies.set(company, [...(this.#companies.get(company) ?? []), { ...candidate, known }]);
    }
    for (const service of specifier.advertisedServices ?? []) this.#services.add(service, candidate);
  }

  #addPrefix(prefix: string, candidate: Candidate): void {
    this.#prefixes.add(prefix, candidate);
    if (this.#prefixLengths.includes(prefix.length)) return;
    this.#prefixLengths = [...this.#prefixLengths, prefix.length].sort((left, right) => right - left);
  }
}

/** What hardware without Bluetooth is known by. */
function keyOf(hardware: Pick<Advertisement, 'kind' | 'name' | 'vendorId' | 'productId'>): string {
  const { kind, name, vendorId, productId } = hardware;
  if (kind === 'hid' || kind === 'usb') return `${kind} ${vendorId}:${productId}`;
  return kind === 'serial' || kind === 'websocket' ? `${kind} ${name}` : kind;
}

function onePerLink(candidates: Iterable<Candidate>): readonly Candidate[] {
  const bySpecifier = new Map<LinkSpecifier, Candidate>();
  for (const candidate of candidates) {
    if (!bySpecifier.has(candidate.specifier)) bySpecifier.set(candidate.specifier, candidate);
  }
  return [...bySpecifier.values()];
}

/** The known bytes lie somewhere within the advertised ones; the other way round proves nothing (facts: device-hardware, §4). */
function carries(advertised: Uint8Array, known: Buffer | undefined): boolean {
  return (
    known === undefined || Buffer.from(advertised.buffer, advertised.byteOffset, advertised.length).includes(known)
  );
}
