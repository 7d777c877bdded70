import type { NobleBinding } from '@abandonware/noble';
import { BluezBinding } from './bindings/bluez-binding.js';
import { HciBinding } from './bindings/hci-binding.js';
import type { BindingTools, OpenBinding } from './bindings/open-binding.js';
import { SystemBinding } from './bindings/system-binding.js';
import type { BluetoothConfig } from './config.js';
import { WANTS_BLUEZ, WANTS_RIGHTS } from './remedies.js';
import type { System } from './system.js';

/** Which of noble's bindings, and what it is told. */
export interface BindingChoice {
  readonly binding: NobleBinding;
  readonly options: object;
  /** For people: `BlueZ`. */
  readonly name: string;
  /** What is known of this binding, and looks after what noble does not; noble has been started just now. */
  readonly attach: (tools: BindingTools) => OpenBinding;
}

/** No adapter can be used, and what to do about it. */
export interface NoBinding {
  readonly because: string;
  /** Many machines have no adapter; anything else is worth a warning. */
  readonly isUsual: boolean;
}

/** Of adapters on serial lines. */
const USUAL_BAUD_RATE = 1_000_000;

const viaHci = (tools: BindingTools): OpenBinding => new HciBinding(tools);
const viaSystem = (tools: BindingTools): OpenBinding => new SystemBinding(tools);

/** How the adapter is reached, from the configuration and what the system has. */
export async function chooseBinding(config: BluetoothConfig, system: System): Promise<BindingChoice | NoBinding> {
  const { adapter } = config;
  const options = adapter === undefined ? {} : { adapterId: adapter, deviceId: Number(adapter.slice('hci'.length)) };
  switch (config.binding === 'auto' ? await whatFits(config, system) : config.binding) {
    case 'uart': {
      const { uart } = config;
      if (!uart) return because('name the serial port of the adapter in plugins.hardware-bluetooth.uart.port');
      if (!(await system.exists(uart.port))) return because(`there is no port ${uart.port}; plug the adapter in`);
      return {
        binding: 'hci',
        options: { hciDriver: 'uart', bindParams: { uart: { baudRate: USUAL_BAUD_RATE, ...uart } } },
        name: `the adapter on ${uart.port}`,
        attach: viaHci,
      };
    }
    case 'dbus':
      if (system.platform !== 'linux') return because('there is BlueZ on Linux only; leave out the key "binding"');
      if (!(await system.hasBus())) return because(`D-Bus does not run: ${WANTS_BLUEZ}`);
      return { binding: 'dbus', options, name: 'BlueZ', attach: (tools) => new BluezBinding(tools, adapter) };
    case 'hci':
      if (system.platform !== 'linux') return because('this is for Linux only; leave out the key "binding"');
      if ((await system.adapters()).length === 0) return NO_ADAPTER;
      if (!system.mayUseRawSockets()) return because(`not allowed: ${WANTS_RIGHTS}`);
      return {
        binding: 'hci',
        options: { ...options, hciDriver: 'native' },
        name: adapter ?? 'the first adapter',
        attach: viaHci,
      };
    case 'mac':
      if (system.platform !== 'darwin') return because('this is not a Mac; leave out the key "binding"');
      return { binding: 'mac', options: {}, name: 'the adapter of this Mac', attach: viaSystem };
    case 'windows':
      if (system.platform !== 'win32') return because('this is not Windows; leave out the key "binding"');
      return { binding: 'win', options: {}, name: 'the adapter of Windows', attach: viaSystem };
    default:
      return whyNone(system);
  }
}

async function whatFits({ uart }: BluetoothConfig, system: System): Promise<BluetoothConfig['binding']> {
  if (uart) return 'uart';
  if (system.platform === 'darwin') return 'mac';
  if (system.platform === 'win32') return 'windows';
  if (system.platform !== 'linux' || (await system.adapters()).length === 0) return 'auto';
  if (await system.hasBus()) return 'dbus';
  return system.mayUseRawSockets() ? 'hci' : 'auto';
}

async function whyNone(system: System): Promise<NoBinding> {
  if (system.platform !== 'linux') return because(`there is no way to reach one on ${system.platform}`);
  if ((await system.adapters()).length === 0) return NO_ADAPTER;
  return because(`${WANTS_BLUEZ}, or ${WANTS_RIGHTS}`);
}

const because = (reason: string): NoBinding => ({ because: reason, isUsual: false });
const NO_ADAPTER: NoBinding = { because: 'no adapter is plugged in', isUsual: true };
