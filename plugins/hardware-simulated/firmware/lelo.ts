import type { Endpoint } from 'pulsegate/plugin';
import type { Firmware, Toy } from '../firmware.js';

const PHRASE = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08);
const NO = new Uint8Array(8);
const YES = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);

/**
 * Takes no orders before its power button was tapped and the pass phrase it sends then was written back. Its owner taps as soon
 * as somebody listens.
 */
export function locked(toy: Toy, security: Endpoint, obey: Firmware['write']): Firmware {
  let isOpen = false;
  return {
    write(endpoint, data) {
      if (endpoint === security)
        isOpen ||= data.length === PHRASE.length && data.every((byte, at) => byte === PHRASE[at]);
      else if (isOpen) obey(endpoint, data);
    },
    subscribed(endpoint) {
      if (endpoint !== security) return;
      if (!isOpen) toy.notify(security, NO);
      toy.notify(security, isOpen ? YES : PHRASE);
    },
  };
}
