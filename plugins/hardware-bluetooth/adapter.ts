import noble, { type AdapterState, type Noble } from '@abandonware/noble';
import { type Clock, LinkError, type Logger, withDeadline } from 'pulsegate/plugin';
import type { BindingChoice } from './binding-choice.js';
import type { OpenBinding } from './bindings/open-binding.js';

export interface Adapter {
  readonly noble: Noble;
  readonly binding: OpenBinding;
  /** Why a connection ended, in words. */
  readonly explain: (reason: number | string) => string;
}

/** How long an adapter may take until it is ready, ms. */
const READY_LIMIT_MS = 5_000;
/** What noble says before it is ready is told with the reason why it is not, as far as people read. */
const MOST_WARNINGS = 10;

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
 * @param onLost once or more, when it is not ready any more
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
  const ready = Promise.withResolvers<void>();
  let isReady = false;
  let failure: LinkError | undefined;
  const fail = (error: LinkError) => {
    failure ??= error;
    ready.reject(failure);
  };
  opened.on('warning', (message) => {
    log.debug(`noble: ${message}`);
    if (!isReady && warnings.length < MOST_WARNINGS) warnings.push(message);
  });
  let state = start(opened);
  const binding = choice.attach({
    noble: opened,
    log,
    onLost: (reason, remedy) => {
      if (isReady) onLost(reason);
      else fail(new LinkError(remedy === undefined ? reason : `${reason}; ${remedy}`));
    },
  });
  const whyNot = () => new LinkError(reasonOf(state, warnings, binding));
  const onState = (next: AdapterState) => {
    state = next;
    if (next === 'poweredOn') ready.resolve();
    else if (isReady) onLost(`the Bluetooth adapter is ${next}`);
    else if (next === 'unsupported' || next === 'unauthorized') fail(whyNot());
  };
  opened.on('stateChange', onState);
  onState(opened.state);
  try {
    await withDeadline(clock, READY_LIMIT_MS, ready.promise, whyNot);
    // It may have been there for a moment only.
    if (failure) throw failure;
    if (state !== 'poweredOn') throw whyNot();
    binding.assertAdapter();
    isReady = true;
    return { noble: opened, binding, explain: noble.hciStatusMessage };
  } catch (error) {
    opened.stop();
    throw error;
  }
}

/** Starts the binding. */
function start(opened: Noble): AdapterState {
  const before = new Set(process.listeners('SIGINT'));
  const { state } = opened;
  for (const listener of process.listeners('SIGINT')) {
    // Noble would end the process at Ctrl-C, before any device is stopped.
    if (!before.has(listener)) process.off('SIGINT', listener);
  }
  return state;
}

function reasonOf(state: AdapterState, warnings: readonly string[], binding: OpenBinding): string {
  const details = warnings.length > 0 ? ` (${warnings.join('; ')})` : '';
  return `${binding.remedy(warnings) ?? REMEDIES[state] ?? 'it does not answer'}${details}`;
}
