import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { expect, it } from 'vitest';
import { builtinPlugins, builtinSections } from '../../core/builtin-plugins.js';
import { ALL_SERVICES, compose } from '../../core/composition.js';
import { loadConfig } from '../../core/config/load.js';
import { NO_DEVICE_FILES } from '../../core/device-files.js';
import { createGateway } from '../../core/gateway.js';
import { LogFeed } from '../../core/logging/log-feed.js';
import { createLogger } from '../../core/logging/logger.js';
import { forkHost } from '../../core/scripting/supervisor/host-process.js';
import { resolve } from '../../core/tokens.js';
import { FakeClock } from '../support/fake-clock.js';

it('resolves every service of the container, each once', async () => {
  const { config } = await loadConfig({
    env: {},
    cwd: tmpdir(),
    builtins: builtinSections,
    pluginSchema: async () => Type.Object({}),
    inline: { log: { level: 'silent' } },
  });
  const feed = new LogFeed();
  const container = compose({
    config,
    deviceSettings: {},
    deviceFiles: NO_DEVICE_FILES,
    plugins: builtinPlugins.map((plugin) => ({ plugin, enabled: true, required: false, config: {} })),
    clock: new FakeClock(),
    log: createLogger({ level: 'silent', format: 'json', feed }),
    logFeed: feed,
    onRequiredFailure: () => {},
    safeStart: false,
    launchScriptHost: forkHost,
  });
  for (const service of ALL_SERVICES) {
    const first = resolve(container, service);
    expect(first, String(service.description)).toBeDefined();
    expect(resolve(container, service), String(service.description)).toBe(first);
  }
});

it('runs two gateways in one process that know nothing of each other', async () => {
  const folders = await Promise.all(['a', 'b'].map((name) => mkdtemp(join(tmpdir(), `pulsegate-${name}-`))));
  const gateways = await Promise.all(
    folders.map((cwd, place) =>
      createGateway({
        cwd,
        config: {
          http: { port: 0 },
          log: { level: 'silent' },
          plugins: { 'hardware-simulated': { devices: place === 0 ? [{ model: 'Lovense Edge' }] : [] } },
        },
      }),
    ),
  );
  try {
    for (const gateway of gateways) await gateway.start();
    const clients = await Promise.all(gateways.map((gateway) => gateway.embeddedClient('two at once')));
    expect(clients.map(({ devices }) => devices.size)).toEqual([1, 0]);
    await gateways[0]?.stop();
    await expect(clients[1]?.send('Ping')).resolves.toHaveProperty('Ok');
    await expect(clients[0]?.send('Ping')).rejects.toThrow('shutting down');
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
});
