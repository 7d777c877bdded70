import { EventEmitter } from 'node:events';
import noble, { type AdapterState, type Noble, type NobleBinding } from '@abandonware/noble';
import { type Clock, LinkError, type Logger, withDeadline } from 'pulsegate/plugin';
import type { BindingChoice } from './binding.js';

export interface Adapter {
  readonly noble: Noble;
  /** Why a connection ended, in words. */
  readonly explain: (reason: number | string) => string;
}

/** How long an adapter may take until it is ready, ms. */
const READY_LIMIT_MS = 5_000;

const REMEDIES: Partial<Record<AdapterState, string>> = {
  poweredOff:
    'it is switched off; switch it on (Linux: `bluetoothctl power on`, and `rfkill unblock bluetooth` if it is blocked)',
  unauthorized: 'this program is not allowed to use it; allow it in the privacy settings of the system',
  unsupported: 'there is none, or none that can do Bluetooth Low Energy',
  resetting: 'it is starting anew',
};

/**
 * Opens an adapter, and resolves when it is switched on. Rejects with a LinkError that says what to do about it.
 *
 * @param onLost once, when it is not ready any more
 */
export async function openAdapter(
  choice: BindingChoice,
  clock: Clock,
  log: Logger,
  onLost: (reason: string) => void,
): Promise<Adapter> {
  const opened = noble.withBindings(choice.binding, choice.options);
  opened.removeAllListeners('warning');
  const warnings: string[] = [];
  opened.on('warning', (message) => {
    warnings.push(message);
    log.debug(`noble: ${message}`);
  });
  const ready = Promise.withResolvers<void>();
  let isReady = false;
  let state = start(opened, choice.binding, (reason) =>
    isReady ? onLost(reason) : ready.reject(new LinkError(reason)),
  );
  const onState = (next: AdapterState) => {
    state = next;
    if (next === 'poweredOn') ready.resolve();
    else if (isReady) {
      isReady = false;
      onLost(`the Bluetooth adapter is ${next}`);
    } else if (next === 'unsupported' || next === 'unauthorized') ready.reject(new LinkError(whyNot(next, warnings)));
  };
  opened.on('stateChange', onState);
  onState(opened.state);
  try {
    await withDeadline(clock, READY_LIMIT_MS, ready.promise, () => new LinkError(whyNot(state, warnings)));
    isReady = true;
    return { noble: opened, explain: noble.hciStatusMessage };
  } catch (error) {
    opened.stop();
    throw error;
  }
}

/** Starts the binding. */
function start(opened: Noble, binding: NobleBinding, onError: (reason: string) => void): AdapterState {
  const before = new Set(process.listeners('SIGINT'));
  const { state } = opened;
  for (const listener of process.listeners('SIGINT')) {
    // Noble would end the process at Ctrl-C, before any device is stopped.
    if (!before.has(listener)) process.off('SIGINT', listener);
  }
  if (binding === 'dbus') guardBus(opened, onError);
  return state;
}

/** An error of the bus that nobody listens to would end the process. */
function guardBus(opened: Noble, onError: (reason: string) => void): void {
  const bus: unknown = Reflect.get(Object(opened._bindings), '_bus');
  if (bus instanceof EventEmitter) bus.on('error', (error: Error) => onError(`D-Bus: ${error.message}`));
}

function whyNot(state: AdapterState, warnings: readonly string[]): string {
  const details = warnings.length > 0 ? ` (${warnings.join('; ')})` : '';
  return `${REMEDIES[state] ?? 'it does not answer'}${details}`;
}
