import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtinPlugins } from '../../../core/builtin-plugins.js';
import homeAssistant from '../../../plugins/home-assistant/index.js';
import { exampleAnnouncements, PLACE } from '../../support/mqtt/home-assistant.js';

const page = await readFile(fileURLToPath(new URL('../../../docs/home-assistant.md', import.meta.url)), 'utf8');
/** Without where links lead: `mqtt.md` is no entity. */
const prose = page.replaceAll(/\]\([^)]*\)/g, ']');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => ({ text, value: parse(text) }));
const announcements = await exampleAnnouncements();
const components = [...announcements.values()].flatMap(({ config }) => Object.values(config.components));

/** What the gateway proposes as entity ids for the devices of the examples. */
const OURS = new Set(components.map(({ default_entity_id }) => default_entity_id));
/** What stands for things of the reader's own. */
const THEIRS = new Set([
  'binary_sensor.front_door_bell',
  'input_button.evening',
  'light.bedroom',
  'scene.evening',
  'timer.evening',
  'timer.finished',
  'zone.home',
]);
const ACTIONS = new Set([
  'button.press',
  'light.toggle',
  'mqtt.publish',
  'notify.mobile_app_phone',
  'number.set_value',
  'scene.turn_on',
  'switch.turn_off',
  'timer.cancel',
  'timer.start',
]);
const DOMAINS = [...OURS, ...THEIRS, ...ACTIONS].map((name) => name.split('.')[0]);
const NAMES = new RegExp(`\\b(?:${[...new Set(DOMAINS)].join('|')})\\.[a-z0-9_]+\\*?`, 'g');

it('names no entity that the gateway does not announce', () => {
  const named = [...prose.matchAll(NAMES)].map(([name]) => name);
  const known = (name: string) =>
    OURS.has(name) || THEIRS.has(name) || ACTIONS.has(name) || (name.endsWith('*') && fitsOurs(name.slice(0, -1)));
  expect(named.filter((name) => !known(name))).toEqual([]);
  expect(named.filter((name) => OURS.has(name)).length).toBeGreaterThan(30);
});

it('shows every kind of entity', () => {
  const kinds = new Set([...prose.matchAll(NAMES)].map(([name]) => name).filter((name) => OURS.has(name)));
  expect(new Set([...kinds].map((name) => name.split('.')[0]))).toEqual(
    new Set(components.map(({ platform }) => platform)),
  );
});

it('names no topic that the gateway does not have', () => {
  const topics = new Set(
    components.flatMap((component) => [
      ...('command_topic' in component ? [component.command_topic] : []),
      ...('state_topic' in component ? [component.state_topic] : []),
    ]),
  );
  const named = [...page.matchAll(/\bpulsegate\/kitchen\/[\w/-]+/g)].map(([topic]) => topic);
  expect(named.filter((topic) => !topics.has(topic) && topic !== `${PLACE.root}/errors`)).toEqual([]);
});

describe('automations', () => {
  const automations = blocks.filter(({ value }) => 'alias' in value);

  it('are at least five', () => {
    expect(automations.length).toBeGreaterThanOrEqual(5);
  });

  it.each(automations.map(({ value }) => [value.alias, value]))('%s', (_alias, automation) => {
    const allowed = ['alias', 'triggers', 'conditions', 'actions', 'mode'];
    expect(Object.keys(automation).filter((key) => !allowed.includes(key))).toEqual([]);
    for (const trigger of automation.triggers) expect(TRIGGERS).toContain(trigger.trigger);
    for (const condition of automation.conditions ?? []) {
      expect(['state', 'numeric_state']).toContain(condition.condition);
    }
    const actions = valuesOf(automation.actions, 'action');
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !ACTIONS.has(String(action)))).toEqual([]);
  });
});

const TRIGGERS = ['state', 'numeric_state', 'time_pattern', 'event'];

it('lets each action act on entities of its kind', () => {
  for (const { value } of blocks) {
    for (const step of objectsIn(value)) {
      const { action, target } = step;
      if (typeof action !== 'string' || !action.includes('.')) continue;
      const [domain] = action.split('.');
      for (const entity of valuesOf(target, 'entity_id')) expect(`${entity}`.split('.')[0]).toBe(domain);
    }
  }
});

it('publishes what a plain topic takes', () => {
  const published = blocks.filter(({ value }) => value.action === 'mqtt.publish');
  expect(published).toHaveLength(1);
  for (const { value } of published) {
    expect(JSON.parse(value.data.payload)).toEqual({ value: expect.any(Number), hold: expect.any(Number) });
  }
});

describe('configuration', () => {
  const sections = blocks.flatMap(({ value }) => Object.entries<object>(value.plugins ?? {}));
  const plugins = [homeAssistant, ...builtinPlugins];

  it.each(sections)('of %s has the keys that there are', (name, { ...section }) => {
    const plugin = plugins.find((one) => one.name === name);
    const known = [...Object.keys(Reflect.get(plugin?.config ?? {}, 'properties') ?? {}), 'enabled'];
    expect(Object.keys(section).filter((key) => !known.includes(key))).toEqual([]);
  });

  it('of this plugin is right', () => {
    const own = sections.filter(([name]) => name === 'home-assistant');
    expect(own.length).toBeGreaterThan(3);
    for (const [, { ...section }] of own) {
      Reflect.deleteProperty(section, 'enabled');
      const full = Value.Default(homeAssistant.config, { birth: {}, ...section });
      expect([...Value.Errors(homeAssistant.config, full)]).toEqual([]);
    }
  });
});

function fitsOurs(prefix: string): boolean {
  return [...OURS].some((name) => name.startsWith(prefix));
}

/** Every object in it, at any depth. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [{ ...value }, ...inside];
}

/** What stands at this key, at any depth. */
const valuesOf = (value: unknown, key: string): unknown[] =>
  objectsIn(value).flatMap((object) => (key in object ? [object[key]].flat() : []));
