import { modelFor, PluginError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { firmwares } from '../../../plugins/hardware-simulated/firmware/index.js';
import { FakeClock } from '../../support/fake-clock.js';
import { simulatedModels, simulationOf } from '../../support/simulated-models.js';
import { bestCandidate, builtinCatalogue, connect, protocolContext, toyOf, toysOf } from '../../support/simulation.js';

const catalogue = await builtinCatalogue();
const definitions = [...catalogue.definitions];
const driven = definitions.filter(({ status }) => status !== 'recognised');

describe('simulated devices', () => {
  it('cover every protocol that has firmware', async () => {
    expect([...firmwares.keys()].filter((id) => !definitions.some((known) => known.id === id))).toEqual([]);
    for (const [id, load] of firmwares) expect((await load()).protocol).toBe(id);
    expect(driven.filter(({ id }) => !firmwares.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it.each(driven.map((definition) => [definition.id, definition] as const))(
    'of %s are found by their protocol, and taken for what they are',
    async (_id, definition) => {
      const clock = new FakeClock();
      for (const model of simulatedModels(definition)) {
        const { name } = model;
        const peripheral = await toyOf(catalogue, clock, simulationOf(definition, model));
        expect(bestCandidate(catalogue, peripheral).definition.id, name).toBe(definition.id);
        const link = await connect(catalogue, peripheral);
        expect(link.kind, name).toBe(definition.links[0]?.kind);
        const asked = definition.identify?.(protocolContext(peripheral, link, clock));
        const identifier = asked ? await clock.until(asked) : peripheral.advertisement.name;
        // A device that no model lists may be anything.
        if (model.identifiers.length > 0) expect(identifier, name).toBe(peripheral.toy.identifier);
        expect(modelFor(definition, identifier), `${name} ${model.identifiers}`).toBe(model);
      }
    },
  );

  it('are refused for what no device can be taken for', async () => {
    const models = driven.flatMap((definition) => definition.models.map((model) => ({ definition, model })));
    const beyond = models.filter(({ definition, model }) => !simulatedModels(definition).includes(model));
    expect(beyond.length).toBeGreaterThan(0);
    for (const { definition, model } of beyond) {
      const refusal = await toyOf(catalogue, new FakeClock(), simulationOf(definition, model)).catch(String);
      expect(refusal).toContain(
        `${model.name} stands for devices whose names are not known, so it cannot be simulated`,
      );
    }
    // All but a few of these are what protocols fall back to.
    expect(beyond.flatMap(({ model }) => model.identifiers)).toEqual(['V415', 'Magic Bean']);
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

  it('refuse an identifier that none of the models has, and none stands for', async () => {
    const wanted = { model: 'Galaku New series of vibrators', identifier: 'G4' };
    const refusal = await toyOf(catalogue, new FakeClock(), wanted).catch(String);
    expect(refusal).toMatch(
      /No Galaku New series of vibrators tells "G4" of itself; what they tell is .*\bG40A, G403\b/,
    );
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
