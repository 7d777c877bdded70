import { definePlugin, HARDWARE, PLUGIN_API, type Plugin, type PluginKind, Type } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';

interface Behaviour {
  readonly kind?: PluginKind;
  readonly start?: (fail: (error: unknown) => void) => void | Promise<void>;
  readonly stop?: () => void | Promise<void>;
}

/** A plugin that notes what happens to it. */
function noted(name: string, diary: string[], { kind = 'extension', start, stop }: Behaviour = {}): Plugin {
  return definePlugin({
    name,
    kind,
    api: PLUGIN_API,
    description: 'Of a test',
    config: Type.Object({ greeting: Type.String({ default: 'hello' }) }, { additionalProperties: false }),
    create: ({ config, fail }) => ({
      async start() {
        diary.push(`${name} starts with ${config.greeting}`);
        await start?.(fail);
      },
      async stop() {
        diary.push(`${name} stops`);
        await stop?.();
      },
    }),
  });
}

const stateOf = (
  gateway: { plugins: readonly { name: string; state: string; reason?: string | undefined }[] },
  name: string,
) => gateway.plugins.find((plugin) => plugin.name === name);

describe('plugin host', () => {
  it('starts protocols, then hardware, then extensions, then transports, and stops them the other way round', async () => {
    const diary: string[] = [];
    const plugins = (['transport', 'extension', 'hardware', 'protocol'] as const).map((kind) =>
      noted(`a-${kind}`, diary, { kind }),
    );
    const gateway = await boot({ plugins });
    expect(diary).toEqual(
      ['protocol', 'hardware', 'extension', 'transport'].map((kind) => `a-${kind} starts with hello`),
    );
    diary.length = 0;
    await gateway[Symbol.asyncDispose]();
    expect(diary).toEqual(['transport', 'extension', 'hardware', 'protocol'].map((kind) => `a-${kind} stops`));
  });

  it('gives a plugin its own section, checked and frozen', async () => {
    const diary: string[] = [];
    await using _gateway = await boot({
      plugins: [noted('polite', diary)],
      config: { plugins: { polite: { greeting: 'good day' } } },
    });
    expect(diary).toEqual(['polite starts with good day']);
    await expect(
      boot({ plugins: [noted('polite', [])], config: { plugins: { polite: { greting: 'good day' } } } }),
    ).rejects.toThrow('plugins.polite.greting: unknown key, did you mean "greeting"?');
  });

  it('runs on without a plugin that does not start, and says why', async () => {
    const start = () => Promise.reject(new Error('no radio here'));
    await using booted = await boot({ plugins: [noted('radio', [], { start })], devices: [{ model: 'Lovense Edge' }] });
    expect(stateOf(booted.gateway, 'radio')).toMatchObject({ state: 'unavailable', reason: 'no radio here' });
    const health = await fetch(`http://127.0.0.1:${booted.gateway.port}/health`);
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      plugins: { radio: { state: 'unavailable', reason: 'no radio here' } },
    });
    const client = await booted.connect();
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
  });

  it('does not start without a required plugin', async () => {
    const start = () => Promise.reject(new Error('no radio here'));
    const booting = boot({
      plugins: [noted('radio', [], { start })],
      config: { plugins: { radio: { required: true } } },
    });
    await expect(booting).rejects.toThrow('radio is required and did not start: no radio here');
  });

  it('contains a plugin that fails later: stopped, shown as failed, nothing else disturbed', async () => {
    const diary: string[] = [];
    let fail: (error: unknown) => void = () => {};
    await using booted = await boot({
      plugins: [
        noted('fragile', diary, {
          start: (given) => {
            fail = given;
          },
        }),
      ],
    });
    const client = await booted.connect();
    fail(new Error('it broke'));
    await booted.clock.advance(0);
    expect(stateOf(booted.gateway, 'fragile')).toMatchObject({ state: 'failed', reason: 'it broke' });
    expect(diary).toContain('fragile stops');
    expect(await client.ask({ Ping: {} })).toHaveProperty('Ok');
  });

  it('tells the gateway when a required plugin fails later', async () => {
    let fail: (error: unknown) => void = () => {};
    await using booted = await boot({
      plugins: [
        noted('vital', [], {
          start: (given) => {
            fail = given;
          },
        }),
      ],
      config: { plugins: { vital: { required: true } } },
    });
    fail(new Error('it broke'));
    expect((await booted.gateway.failed).message).toBe('vital is required and has failed: it broke');
  });

  it('does not wait for ever for a plugin that does not stop', async () => {
    const diary: string[] = [];
    const booted = await boot({
      plugins: [noted('first', diary), noted('stuck', diary, { stop: () => new Promise<void>(() => {}) })],
    });
    await booted[Symbol.asyncDispose]();
    expect(diary.slice(-2)).toEqual(['stuck stops', 'first stops']);
    expect(booted.log.join('')).toContain('stuck did not stop in order');
  });

  it('takes back what a failed plugin brought, so that nothing of it is left', async () => {
    let fail: (error: unknown) => void = () => {};
    let listeners = 0;
    const hardware = definePlugin({
      name: 'hardware-counting',
      kind: 'hardware',
      api: PLUGIN_API,
      description: 'Counts who listens to it',
      config: Type.Object({}),
      create: (context) => ({
        start() {
          fail = context.fail;
          context.use(HARDWARE).attach({
            name: 'counting',
            startScanning: async () => {},
            stopScanning: async () => {},
            on() {
              listeners += 1;
              return {
                [Symbol.dispose]: () => {
                  listeners -= 1;
                },
              };
            },
          });
        },
        stop() {},
      }),
    });
    await using booted = await boot({ plugins: [hardware] });
    expect(listeners).toBeGreaterThan(0);
    fail(new Error('unplugged'));
    await booted.clock.advance(0);
    expect(listeners).toBe(0);
  });
});
