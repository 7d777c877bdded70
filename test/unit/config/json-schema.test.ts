import Schema from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '../../../core/config/json-schema.js';
import { builtins, load } from './support.js';

const schema = configJsonSchema(builtins);
const accepts = (yaml: string) => Schema.Check(schema, parse(yaml));

describe('the JSON Schema for editors', () => {
  it('is plain JSON of the 2020-12 draft, with a title', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Pulsegate configuration',
      type: 'object',
    });
  });

  it('shows defaults and limits where they count', () => {
    expect(schema).toMatchObject({
      properties: {
        http: { properties: { port: { type: 'integer', minimum: 0, maximum: 65_535, default: 12_345 } } },
        plugins: {
          properties: {
            'hardware-websocket': { properties: { enabled: { default: false }, port: { default: 54_817 } } },
            'transport-mqtt': { properties: { enabled: { default: true }, required: { default: false } } },
          },
        },
      },
    });
  });

  it('describes every key of the core in a sentence', () => {
    const undescribed: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null || !('properties' in node) || typeof node.properties !== 'object')
        return;
      for (const [key, inner] of Object.entries(node.properties ?? {})) {
        if (path === '.plugins' && builtins.has(key)) continue;
        if (!/^[A-Z].*\.$/.test(inner.description ?? '')) undescribed.push(`${path}.${key}`);
        walk(inner, `${path}.${key}`);
      }
    };
    walk(schema, '');
    expect(undescribed).toEqual([]);
  });

  it.each([
    '{}',
    'http: { port: 1 }',
    'devices: { reconnect: { maxDelay: 1000 } }',
    'plugins: { transport-websocket: { heartbeat: {} }, hardware-simulated: { devices: [{ model: x }] } }',
    'plugins: { mine: { from: ./mine, anything: [1] }, pulsegate-plugin-x: { key: 1 } }',
  ])('accepts what the gateway accepts: %s', async (yaml) => {
    expect(accepts(yaml)).toBe(true);
    await expect(load({ yaml, pluginSchema: async () => ({}) })).resolves.toBeDefined();
  });

  it.each([
    'htpp: {}',
    'http: { prot: 1 }',
    'http: { port: x }',
    'plugins: { transport-websocket: { maxPingTim: 1 } }',
    'plugins: { transport-websocket: { from: ./x } }',
    'plugins: { hardware-simulated: { devices: [{}] } }',
    'plugins: { mine: {} }',
    'plugins: { pulsegate-plugin-x: { enabled: 1 } }',
  ])('refuses what the gateway refuses: %s', async (yaml) => {
    expect(accepts(yaml)).toBe(false);
    await expect(load({ yaml })).rejects.toThrow();
  });
});
