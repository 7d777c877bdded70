import { type ModelDefinition, PluginError, type ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { modelFor } from '../../../core/catalogue/catalogue.js';
import { firmwares } from '../../../plugins/hardware-simulated/firmware/index.js';
import type { Peripheral } from '../../../plugins/hardware-simulated/peripheral.js';
import { FakeClock } from '../../support/fake-clock.js';
import { matchesName } from '../../support/protocol-harness.js';
import { bestCandidate, builtinCatalogue, connect, protocolContext, toyOf, toysOf } from '../../support/simulation.js';

const catalogue = await builtinCatalogue();
const definitions = [...catalogue.definitions];

/** The models of the definition that the simulation finds by name; some protocols share models. */
async function simulatedModels(definition: ProtocolDefinition) {
  const clock = new FakeClock();
  const unknown: string[] = [];
  const toys: { readonly model: ModelDefinition; readonly peripheral: Peripheral }[] = [];
  for (const model of definition.models) {
    try {
      const peripheral = await toyOf(catalogue, clock, { model: model.name });
      if (peripheral.toy.blueprint.definition === definition) toys.push({ model, peripheral });
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      unknown.push(model.name);
    }
  }
  return { clock, toys, unknown };
}

/** Old names stay in tables although no device is looked for under them any more (facts: protocols/magic-motion-1, doubts). */
function currentModels(definition: ProtocolDefinition) {
  return definition.models.filter(
    ({ identifiers }) =>
      identifiers.length === 0 ||
      definition.identify !== undefined ||
      definition.links.every(({ kind }) => kind !== 'bluetooth') ||
      identifiers.some((name) => matchesName(definition, name)),
  );
}

describe('simulated devices', () => {
  it('cover every protocol that has firmware', async () => {
    expect([...firmwares.keys()].filter((id) => !definitions.some((known) => known.id === id))).toEqual([]);
    for (const [id, load] of firmwares) expect((await load()).protocol).toBe(id);
    const driven = definitions.filter(({ status }) => status !== 'recognised');
    expect(driven.filter(({ id }) => !firmwares.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it.each(definitions.map((definition) => [definition.id, definition] as const))(
    'of %s are found by their protocol, and taken for what they are',
    async (_id, definition) => {
      const { clock, toys } = await simulatedModels(definition);
      for (const { model, peripheral } of toys) {
        const { name } = model;
        expect(bestCandidate(catalogue, peripheral).definition.id, name).toBe(definition.id);
        const link = await connect(catalogue, peripheral);
        expect(link.kind, name).toBe(definition.links[0]?.kind);
        const asked = definition.identify?.(protocolContext(peripheral, link, clock));
        const identifier = asked ? await clock.until(asked) : peripheral.advertisement.name;
        // A device that no model lists may be anything.
        if (model.identifiers.length > 0) expect(identifier, name).toBe(peripheral.toy.identifier);
        expect(modelFor(definition, identifier)?.name, name).toBe(name);
        // Models that share a name cannot be told apart by it: the first stands for all.
        const namesakes = definition.models.filter((other) => other.name === name);
        expect(namesakes, name).toContain(modelFor(definition, identifier));
      }
    },
  );

  it('exist for all models that a device could be taken for', async () => {
    const found = await Promise.all(
      definitions.map(async (definition) => ({ definition, ...(await simulatedModels(definition)) })),
    );
    const simulated = new Set(found.flatMap(({ toys }) => toys.map(({ model }) => model.name)));
    const missing = definitions.flatMap(currentModels).filter(({ name }) => !simulated.has(name));
    expect(missing.filter(({ identifiers }) => identifiers.length > 0).map(({ name }) => name)).toEqual([]);
    // Where the name decides, and every name that may be advertised is that of a model, no device is left for the default.
    for (const { definition, unknown: notFound } of found) {
      const current = new Set(currentModels(definition).map(({ name }) => name));
      const unknown = notFound.filter((name) => current.has(name));
      if (unknown.length === 0) continue;
      const names = definition.links.flatMap((link) => (link.kind === 'bluetooth' ? link.names : []));
      expect(definition.identify, definition.id).toBeUndefined();
      expect(names.filter((name) => modelFor(definition, name)?.identifiers.length === 0)).toEqual([]);
      const fallback = definition.models.filter(({ identifiers }) => identifiers.length === 0).map(({ name }) => name);
      expect(unknown, definition.id).toEqual(fallback);
    }
  });

  it('advertise what their kind of link has', async () => {
    const clock = new FakeClock();
    expect((await toyOf(catalogue, clock, { model: 'lovense EDGE' })).advertisement).toMatchObject({
      kind: 'bluetooth',
      name: 'LVS-P36',
      address: 'simulated:lovense-edge-1',
    });
    expect(
      (await toyOf(catalogue, clock, { model: 'Satisfyer Hot Spot' })).advertisement.manufacturerData?.has(93),
    ).toBe(true);
    expect((await toyOf(catalogue, clock, { model: 'TCode v0.3 (Single Linear Axis)' })).advertisement).toEqual({
      kind: 'serial',
      name: 'default',
      protocol: 'tcode-v03',
      address: 'simulated:tcode-v0-3-single-linear-axis-1',
    });
  });

  it('have addresses and names of their own, or those they are given', async () => {
    const devices = [
      { model: 'Lovense Edge' },
      { model: 'Lovense Edge', name: 'LVS-Z001' },
      { model: 'Satisfyer Prêt-à-porter+', address: 'AA:BB' },
    ];
    const toys = (await toysOf(catalogue, new FakeClock(), { devices })).map(({ toy }) => [
      toy.id,
      toy.address,
      toy.name,
    ]);
    expect(toys).toEqual([
      ['lovense-edge-1', 'simulated:lovense-edge-1', 'LVS-P36'],
      ['lovense-edge-2', 'simulated:lovense-edge-2', 'LVS-Z001'],
      ['satisfyer-pret-a-porter-1', 'AA:BB', 'SF 10015'],
    ]);
  });

  it.each([
    ['Lovense Egde', /no model "Lovense Egde" in the catalogue; near ones: Lovense Edge,/],
    ['handy', /near ones: The Handy,/],
    ['zzzz', /no model "zzzz" in the catalogue$/],
    ['Vorze Device', /names are not known, so it cannot be simulated; Vorze has other models/],
  ])('refuse the model "%s" with a helpful sentence', async (model, sentence) => {
    const refusal = await toyOf(catalogue, new FakeClock(), { model }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PluginError);
    expect(String(refusal)).toMatch(sentence);
  });

  it('refuse an address that another one has', async () => {
    const devices = [
      { model: 'The Handy', address: 'A' },
      { model: 'Lovense Edge', address: 'A' },
    ];
    await expect(toysOf(catalogue, new FakeClock(), { devices })).rejects.toThrow(
      'Two simulated devices have the address A',
    );
  });

  it('open only with endpoints they have', async () => {
    const handy = await toyOf(catalogue, new FakeClock(), { model: 'The Handy' });
    const edge = await toyOf(catalogue, new FakeClock(), { model: 'Lovense Edge' });
    const { specifier } = bestCandidate(catalogue, edge);
    const { signal } = new AbortController();
    await expect(handy.connect(specifier, signal)).rejects.toThrow('has none of the endpoints asked for');
    await expect(handy.connect({ kind: 'serial', port: 'x', baudRate: 1 }, signal)).rejects.toThrow('endpoints');
    expect([...(await edge.connect(specifier, signal)).endpoints].sort()).toEqual(['rx', 'tx']);
  });
});
