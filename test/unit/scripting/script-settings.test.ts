import { describe, expect, it } from 'vitest';
import { effectiveSettings, type ScriptSettings, settingsFor } from '../../../core/config/script-settings.js';
import { keys, load, issues as loadIssues, refusal } from '../config/support.js';

const { config } = await (async () => {
  const { loadConfig } = await import('../../../core/config/load.js');
  return loadConfig({ env: {}, cwd: '/', builtins: new Map(), pluginSchema: async () => undefined, inline: {} });
})();
const defaults = config.scripts;
const resolved = (header: ScriptSettings, configured: ScriptSettings = {}) =>
  effectiveSettings(defaults, header, configured);

describe('what holds for a script', () => {
  it('when nobody says anything: all devices, no hosts, no topics, the limits of all scripts', () => {
    expect(resolved({})).toEqual({
      description: '',
      enabled: true,
      devices: 'all',
      http: [],
      mqtt: { subscribe: [], publish: [] },
      limits: {
        memoryMb: 32,
        cpuMs: 200,
        wallMs: 500,
        messagesPerSecond: 200,
        logLinesPerSecond: 50,
        httpPerMinute: 60,
        storageKb: 256,
      },
      restartable: false,
    });
  });

  it('is the configuration before the header before the defaults, key by key', () => {
    const header: ScriptSettings = {
      name: 'Edge timer',
      description: 'Counts',
      devices: [{ name: 'Lovense *', features: [0, 'Vibrate'] }],
      http: ['api.example.org'],
      limits: { memoryMb: 64, cpuMs: 20 },
    };
    expect(
      resolved(header, { name: 'Timer', http: [], enabled: false, restartable: true, limits: { cpuMs: 30 } }),
    ).toMatchObject({
      name: 'Timer',
      description: 'Counts',
      enabled: false,
      devices: [{ name: 'Lovense *', features: [0, 'Vibrate'] }],
      http: [],
      limits: { memoryMb: 64, cpuMs: 30, wallMs: 500 },
      restartable: true,
    });
  });

  it('grants no topics of the header when the configuration speaks of topics', () => {
    const { mqtt } = resolved({ mqtt: { subscribe: ['a'], publish: ['b'] } }, { mqtt: { subscribe: ['c'] } });
    expect(mqtt).toEqual({ subscribe: ['c'], publish: [] });
  });

  it('cannot be changed, nor changes what it was made of', () => {
    const header: ScriptSettings = { devices: [{ index: 1 }], http: ['a.example'] };
    const settings = resolved(header);
    expect(
      Object.isFrozen(settings.limits) && Object.isFrozen(settings.http) && Object.isFrozen(settings.devices),
    ).toBe(true);
    expect(Object.isFrozen(header.http)).toBe(false);
  });
});

describe('what the configuration says about a script', () => {
  it('is found by name, also when the name is one that every object has', async () => {
    const { config } = await load({ yaml: 'scripts: { each: { constructor: { enabled: false } } }' });
    expect(settingsFor(config.scripts.each, 'constructor')).toEqual({ enabled: false });
    expect(settingsFor(config.scripts.each, 'toString')).toEqual({});
  });

  it('is checked with the line of the file', async () => {
    const yaml = 'scripts:\n  each:\n    timer:\n      devices:\n        - nmae: x\n      limits: { memoryMb: 1 }\n';
    expect(await refusal({ yaml })).toEqual([
      'pulsegate.yml:5: scripts.each.timer.devices[0].nmae: unknown key, did you mean "name"?',
      'pulsegate.yml:6: scripts.each.timer.limits.memoryMb: found 1, expected a whole number from 8 to 512',
    ]);
  });

  it.each([
    'scripts: { maxPingTime: 0 }',
    'scripts: { token: short }',
    'scripts: { memoryMb: 4096 }',
    'scripts: { recycleAfter: 0 }',
  ])('and about all of them has bounds: %s', async (yaml) => {
    expect(keys(await loadIssues({ yaml }))).toEqual([/\{ (\w+)/.exec(yaml)?.[1]].map((key) => `scripts.${key}`));
  });
});

const accepted = async (settings: object) => {
  await load({ yaml: JSON.stringify({ scripts: { each: { x: settings } } }) });
};

describe('hosts', () => {
  it.each([
    'api.example.org',
    '*.example.org',
    'localhost',
    'localhost:8123',
    'private:homeassistant.local:8123',
    'private:8123',
    '192.168.1.7:80',
    'private:10.0.0.1',
    'private:[fd00::1]:8123',
    'under_score.local',
    'xn--bcher-kva.example',
  ])('may be %s', async (host) => {
    await expect(accepted({ http: [host] })).resolves.toBeUndefined();
  });

  it.each([
    '',
    '*',
    'http://example.org',
    'example.org/path',
    'a b.example',
    '*.*.example.org',
    'api.*.org',
    'example.org:0',
    'example.org:123456',
    'public:example.org',
    'private:',
    'bücher.example',
    'user@example.org',
    'example.org\n',
    '2130706433',
  ])('may not be %j', async (host) => {
    await expect(accepted({ http: [host] })).rejects.toThrow('scripts.each.x.http[0]: found');
  });
});

describe('topics', () => {
  it.each(['a', 'a/b', '+', '#', 'a/+/b', 'a/#', '+/+/#', '/', 'a//b', '$SYS/broker', 'ä/ö'])(
    'may be %s',
    async (topic) => {
      await expect(accepted({ mqtt: { subscribe: [topic], publish: [topic] } })).resolves.toBeUndefined();
    },
  );

  it.each(['', 'a+', '+a/b', 'a#', '#/a', 'a/#/b', '##', 'a/b\u0000'])('may not be %j', async (topic) => {
    await expect(accepted({ mqtt: { publish: [topic] } })).rejects.toThrow('scripts.each.x.mqtt.publish[0]: found');
  });
});

describe('devices', () => {
  it.each(['all', 'none', [], [{}], [{ name: 'x*', index: 0, features: [1, 'Vibrate'] }]])(
    'may be %j',
    async (devices) => {
      await expect(accepted({ devices })).resolves.toBeUndefined();
    },
  );

  it.each([
    ['some', 'devices: found "some", expected "all", "none" or a list of sections'],
    [[{ index: -1 }], 'devices[0].index: found -1, expected a whole number from 0 to 4294967295'],
    [[{ features: [true] }], 'devices[0].features[0]: found true'],
    [['x'], 'devices[0]: found "x", expected a section with the keys name, index and features'],
  ])('may not be %j', async (devices, problem) => {
    await expect(accepted({ devices })).rejects.toThrow(problem);
  });
});
