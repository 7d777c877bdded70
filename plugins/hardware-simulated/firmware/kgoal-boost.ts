import type { FirmwareDefinition } from '../firmware.js';

export const kgoalBoostFirmware: FirmwareDefinition = {
  protocol: 'kgoal-boost',
  advertisedName: () => 'Boost',
  create(toy) {
    const readings = { normalized: 0, raw: 0 };
    return {
      write() {},
      read: (endpoint) => (endpoint === 'rxblebattery' ? Uint8Array.of(toy.battery) : undefined),
      sense(featureIndex, value) {
        if (featureIndex === 0) readings.normalized = value;
        else if (featureIndex === 1) readings.raw = value;
        else return;
        const notification = new DataView(Uint8Array.of(0x00, 0x01, 0x04, 0, 0, 0, 0).buffer);
        notification.setUint16(3, readings.normalized);
        notification.setUint16(5, readings.raw);
        toy.notify('rxpressure', new Uint8Array(notification.buffer));
      },
    };
  },
};
