import fc from 'fast-check';
import {
  type Advertisement,
  bluetooth,
  defineProtocol,
  hid,
  type LinkSpecifier,
  serial,
  webSocket,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../../core/catalogue/catalogue.js';
import { protocols } from '../../../plugins/protocols/index.js';

const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 });
const company = fc.integer({ min: 0, max: 2 });
const bytes = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 3 });
const service = fc.constantFrom('fff0', 'fff1', '180f');

const bluetoothLink = fc
  .record({
    names: fc.array(
      fc.oneof(
        letters,
        letters.map((name) => `${name}*`),
      ),
      { maxLength: 3 },
    ),
    manufacturerData: fc.array(fc.record({ company, data: bytes }), { maxLength: 2 }),
    advertisedServices: fc.array(service, { maxLength: 2 }),
  })
  .map((link): LinkSpecifier => bluetooth({ ...link, services: {} }));
const otherLink = fc.oneof(
  letters.map((port): LinkSpecifier => serial(port, 9600)),
  letters.map((name): LinkSpecifier => webSocket(name)),
  company.map((id): LinkSpecifier => hid({ vendorId: id, productId: 1 })),
);
const definitions = fc
  .array(fc.array(fc.oneof(bluetoothLink, otherLink), { maxLength: 3 }), { maxLength: 6 })
  .map((all) =>
    all.map((links, at) =>
      defineProtocol({ id: `p${at}`, brand: 'Test', links, models: [], open: () => ({ output: () => [] }) }),
    ),
  );
const advertisement: fc.Arbitrary<Advertisement> = fc.oneof(
  fc
    .record({ name: fc.oneof(letters, fc.constant('')), company, bytes, services: fc.array(service, { maxLength: 2 }) })
    .map(({ name, company: id, bytes: data, services }) => ({
      kind: 'bluetooth' as const,
      name,
      address: 'x',
      manufacturerData: new Map([[id, Uint8Array.from(data)]]),
      services: bluetooth({ names: [], services: {}, advertisedServices: services }).advertisedServices ?? [],
    })),
  letters.map((name) => ({ kind: 'serial' as const, name, address: 'x' })),
  letters.map((name) => ({ kind: 'websocket' as const, name, address: 'x' })),
  company.map((vendorId) => ({ kind: 'hid' as const, name: '', address: 'x', vendorId, productId: 1 })),
);

/** How well the entry fits, the better the smaller; undefined when it does not. As the rule is told, entry by entry. */
function rank(link: LinkSpecifier, seen: Advertisement): number | undefined {
  if (link.kind !== seen.kind) return undefined;
  if (link.kind === 'serial') return link.port === seen.name ? 0 : undefined;
  if (link.kind === 'websocket') return link.name === seen.name ? 0 : undefined;
  if (link.kind === 'hid') return link.pairs.some(({ vendorId }) => vendorId === seen.vendorId) ? 0 : undefined;
  if (link.kind !== 'bluetooth') return undefined;
  if (link.names.includes(seen.name)) return 0;
  const prefixes = link.names.filter((name) => name.endsWith('*') && seen.name.startsWith(name.slice(0, -1)));
  if (prefixes.length > 0) return 100 - Math.max(...prefixes.map(({ length }) => length));
  const carries = link.manufacturerData?.some(({ company: id, data = [] }) => {
    const own = seen.manufacturerData?.get(id);
    return own && [...own].join().includes(data.join()) && Buffer.from(own).includes(Buffer.from(data));
  });
  if (carries) return 200;
  return link.advertisedServices?.some((id) => seen.services?.includes(id)) ? 300 : undefined;
}

describe('the protocols that claim an advertisement', () => {
  it('are those with an entry that fits, each entry once, the most specific first, then by their ids', () => {
    fc.assert(
      fc.property(definitions, advertisement, (all, seen) => {
        const catalogue = new Catalogue();
        for (const definition of all) catalogue.add(definition);
        const expected = all
          .flatMap((definition) =>
            definition.links.map((specifier) => ({ definition, specifier, at: rank(specifier, seen) })),
          )
          .filter(({ at }) => at !== undefined)
          .sort(
            (left, right) => (left.at ?? 0) - (right.at ?? 0) || (left.definition.id < right.definition.id ? -1 : 1),
          );
        const found = catalogue.candidates(seen);
        expect(new Set(found.map(({ specifier }) => specifier))).toEqual(
          new Set(expected.map(({ specifier }) => specifier)),
        );
        const places = found.map(({ specifier }) => expected.find((one) => one.specifier === specifier)?.at);
        expect(places).toEqual(expected.map(({ at }) => at));
      }),
      { numRuns: 500 },
    );
  });

  it('are no more than those a person has named, where that has been done', () => {
    const catalogue = new Catalogue();
    for (const definition of protocols) catalogue.add(definition);
    const port: Advertisement = { kind: 'serial', name: '/dev/ttyUSB0', address: '/dev/ttyUSB0' };
    expect(catalogue.candidates(port)).toEqual([]);
    const [found, ...others] = catalogue.candidates({ ...port, protocol: 'tcode-v03' });
    expect([found?.definition.id, found?.specifier.kind, others]).toEqual(['tcode-v03', 'serial', []]);
    expect(catalogue.candidates({ ...port, protocol: 'lovense' })).toEqual([]);
  });
});
