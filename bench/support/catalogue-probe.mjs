// Run by itself (node --expose-gc): what the catalogue takes beyond the words it is written with, and how fast it finds devices.
// Plain JavaScript, because the loader that strips types would be part of what is measured.
const [words, list, lookup] = process.argv.slice(2);
await import(words);
globalThis.gc();
const before = process.memoryUsage().heapUsed;
const startedAt = performance.now();
const { protocols } = await import(list);
const { Catalogue } = await import(lookup);
const catalogue = new Catalogue();
for (const protocol of protocols) catalogue.add(protocol);
catalogue.candidates({ kind: 'bluetooth', name: 'the first one', address: '' });
const loadMs = performance.now() - startedAt;
globalThis.gc();
const heapBytes = process.memoryUsage().heapUsed - before;

// Toys of every protocol, and as many devices of the neighbours.
const names = protocols.flatMap(({ links }) => links.flatMap((link) => (link.kind === 'bluetooth' ? link.names : [])));
const advertisements = names.flatMap((name, at) => [
  {
    kind: 'bluetooth',
    name: name.replace('*', '1234'),
    address: '',
    services: ['0000fff0-0000-1000-8000-00805f9b34fb'],
  },
  {
    kind: 'bluetooth',
    name: `Neighbour ${at}`,
    address: '',
    services: ['0000180f-0000-1000-8000-00805f9b34fb'],
    manufacturerData: new Map([[at % 0xffff, Uint8Array.of(1, 2, 3, 4)]]),
  },
]);
let found = 0;
const rounds = 20;
const once = () => {
  for (const advertisement of advertisements) found += catalogue.candidates(advertisement).length;
};
once();
const matchingAt = performance.now();
for (let round = 0; round < rounds; round += 1) once();
const matchUs = ((performance.now() - matchingAt) * 1000) / (rounds * advertisements.length);
if (found === 0) throw new Error('Nothing was found');

process.stdout.write(
  JSON.stringify({ protocols: protocols.length, loadMs, heapBytes, matchUs, advertisements: advertisements.length }),
);
