import noble, { type AdapterState, type Noble, type NoblePeripheral } from '@abandonware/noble';
import { type Clock, LinkError, type Logger, withDeadline } from 'pulsegate/plugin';
import { type BindingChoice, WANTS_BLUEZ } from './binding.js';
import { assertAdapter, isInReach, remedyOfBluez, watchBluez } from './bluez.js';

export interface Adapter {
  readonly noble: Noble;
  /** Why a connection ended, in words. */
  readonly explain: (reason: number | string) => string;
  /** Whether what it shows is there, and not only was. */
  readonly isInReach: (peripheral: NoblePeripheral) => boolean;
  /** How long the end of a connection is waited for, ms; it comes all the same. */
  readonly disconnectLimitMs: number;
}

/** How long an adapter may take until it is ready, ms. */
const READY_LIMIT_MS = 5_000;
/** Longest that an adapter driven from here takes to end a connection, ms. */
const DISCONNECT_LIMIT_MS = 1_500;
/** BlueZ lets a connection be for another 2 s. It needs nobody any more once it was told, ms. */
const TELL_BLUEZ_MS = 200;

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
  const isBluez = choice.binding === 'dbus';
  let state = start(opened);
  if (isBluez) {
    watchBluez(opened, log, (reason) => (isReady ? onLost(reason) : ready.reject(new LinkError(noBus(reason)))));
  }
  const onState = (next: AdapterState) => {
    state = next;
    if (next === 'poweredOn') ready.resolve();
    else if (isReady) {
      isReady = false;
      onLost(`the Bluetooth adapter is ${next}`);
    } else if (next === 'unsupported' || next === 'unauthorized')
      ready.reject(new LinkError(whyNot(next, warnings, isBluez)));
  };
  opened.on('stateChange', onState);
  onState(opened.state);
  try {
    await withDeadline(clock, READY_LIMIT_MS, ready.promise, () => new LinkError(whyNot(state, warnings, isBluez)));
    if (isBluez) assertAdapter(opened, choice.options);
    isReady = true;
    return {
      noble: opened,
      explain: noble.hciStatusMessage,
      isInReach: (peripheral) => !isBluez || isInReach(opened, peripheral),
      disconnectLimitMs: isBluez ? TELL_BLUEZ_MS : DISCONNECT_LIMIT_MS,
    };
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

const noBus = (reason: string): string => `${reason}; ${WANTS_BLUEZ}`;

function whyNot(state: AdapterState, warnings: readonly string[], isBluez: boolean): string {
  const details = warnings.length > 0 ? ` (${warnings.join('; ')})` : '';
  const remedy = (isBluez ? remedyOfBluez(warnings) : undefined) ?? REMEDIES[state] ?? 'it does not answer';
  return `${remedy}${details}`;
}
