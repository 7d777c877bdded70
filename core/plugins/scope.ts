import type { DependencyContainer } from 'tsyringe';
import type { Catalogue, ProtocolRegistry } from '../catalogue/catalogue.js';
import type { DeviceManager } from '../devices/manager.js';
import type { HardwareHost } from '../hardware/host.js';
import type { SessionRegistry } from '../sessions/session-registry.js';
import { HARDWARE, PROTOCOLS, SESSIONS } from '../tokens.js';

/** What one plugin sees of the gateway, and what it brought into it. */
export interface PluginScope {
  readonly container: DependencyContainer;
  /** Takes back everything the plugin brought and did not take back itself. Harmless when repeated. */
  end(): Promise<void>;
}

/**
 * A child container whose services remember what this plugin brought: however it ends, its sessions are closed, its devices
 * stopped and disconnected, and its protocols forgotten.
 */
export function createScope(
  root: DependencyContainer,
  name: string,
  { sessions, devices, catalogue }: { sessions: SessionRegistry; devices: DeviceManager; catalogue: Catalogue },
): PluginScope {
  const container = root.createChildContainer();
  const attached = new Set<AsyncDisposable>();
  const protocols = new Set<Disposable>();

  container.register(SESSIONS, { useValue: sessions.hostFor(name) });
  const hardware: HardwareHost = {
    attach(manager) {
      const attachment = devices.attach(manager);
      attached.add(attachment);
      return {
        async [Symbol.asyncDispose]() {
          if (attached.delete(attachment)) await attachment[Symbol.asyncDispose]();
        },
      };
    },
  };
  container.register(HARDWARE, { useValue: hardware });
  const registry: ProtocolRegistry = {
    get definitions() {
      return catalogue.definitions;
    },
    add(definition, options) {
      const added = catalogue.add(definition, options);
      protocols.add(added);
      return added;
    },
  };
  container.register(PROTOCOLS, { useValue: registry });

  return {
    container,
    async end() {
      sessions.closeTransport(name);
      const attachments = [...attached];
      attached.clear();
      await Promise.all(attachments.map((attachment) => attachment[Symbol.asyncDispose]()));
      for (const added of protocols) added[Symbol.dispose]();
      protocols.clear();
      await container.dispose();
    },
  };
}
