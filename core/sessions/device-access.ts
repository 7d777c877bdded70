import type { Device } from '../devices/device.js';
import type { DeviceDirectory } from '../protocol/definition.js';
import type { AnnouncedDevice } from '../protocol/model.js';

/** What a client may do with a device: the device itself, or the part of it that the client was granted. */
export interface ReachableDevice
  extends Pick<Device, 'announced' | 'requireFeature' | 'check' | 'output' | 'raw' | 'dropSubscriber'> {
  readonly inputs: Pick<Device['inputs'], 'read' | 'subscribe' | 'unsubscribe'>;
  /** Stops all the client may use of the device, or of one feature. Never throws. */
  stop(featureIndex?: number): void;
}

/** The devices a client may reach: all there are, or those it was granted. */
export interface DeviceAccess extends DeviceDirectory {
  /** Ascending by index. A list that was handed out does not change any more. */
  readonly announced: readonly AnnouncedDevice[];
  readonly all: readonly ReachableDevice[];
  get(deviceIndex: number): ReachableDevice | undefined;
  require(deviceIndex: number): ReachableDevice;
}
