import { EventEmitter } from 'node:events';
import type { NoblePeripheral } from '@abandonware/noble';
import { field } from './field.js';
import { HeardReports } from './heard-reports.js';
import type { BindingTools, ManufacturerData } from './open-binding.js';
import { SystemBinding } from './system-binding.js';

/** Noble asks for no more, whatever the device says it would take, bytes. */
const LARGEST_MTU = 256;
/** What noble's binding keeps of every device that it has ever heard, by the device's id. */
const KEPT_BY_ID = ['_addresses', '_addresseTypes', '_connectable', 'scannable'];

/** An adapter that noble drives by itself. */
export class HciBinding extends SystemBinding {
  readonly #reports: HeardReports;

  constructor(tools: BindingTools) {
    super(tools);
    const device = field(field(field(this.#bindings, '_hci'), '_socket'), '_serialDevice');
    if (device instanceof EventEmitter) watchSerialLine(device, () => tools.onLost('it was pulled out'));
    this.#reports = new HeardReports(field(this.#bindings, '_hci'), field(this.#bindings, '_gap'));
  }

  override manufacturerData(peripheral: NoblePeripheral): ManufacturerData | undefined {
    return this.#reports.manufacturerData(peripheral.address) ?? super.manufacturerData(peripheral);
  }

  override mtu({ mtu }: NoblePeripheral): number | undefined {
    return mtu === null ? undefined : Math.min(mtu, LARGEST_MTU);
  }

  override underWay({ id }: NoblePeripheral): number | undefined {
    const hci = field(this.#bindings, '_hci');
    const handle = field(field(this.#bindings, '_handles'), id);
    const [queue, connections] = [field(hci, '_aclQueue'), field(hci, '_aclConnections')];
    if (!Array.isArray(queue) || !(connections instanceof Map)) return undefined;
    const pending = field(connections.get(handle), 'pending');
    const queued = queue.filter((packet) => field(packet, 'handle') === handle).length;
    return queued + (typeof pending === 'number' ? pending : 0);
  }

  override forget(peripheral: NoblePeripheral): void {
    super.forget(peripheral);
    for (const name of KEPT_BY_ID) Reflect.deleteProperty(Object(field(this.#bindings, name)), peripheral.id);
    this.#reports.forget(peripheral.address);
  }

  get #bindings(): unknown {
    return this.tools.noble._bindings;
  }
}

/** The library for serial ports reads on and on, without a word, where one has vanished in the middle of what came in. */
function watchSerialLine(device: EventEmitter, onGone: () => void): void {
  const watch = () => {
    const poller = field(field(device, 'port'), 'poller');
    if (poller instanceof EventEmitter) poller.once('disconnect', onGone);
  };
  if (field(device, 'isOpen') === true) watch();
  else device.once('open', watch);
}
