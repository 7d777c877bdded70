import type { FirmwareDefinition } from '../firmware.js';
import { messageIn, messageOf, numberIn } from '../protobuf.js';

const REQUEST = 1;
const RESPONSE = 4;
const NOT_POSSIBLE = 1;

/** A message of a type, with a request in it that has a number and, behind the field that says what is wanted, parameters. */
export const thehandyV3Firmware: FirmwareDefinition = {
  protocol: 'thehandy-v3',
  advertisedName: (identifier) => `OHD_${/^hw[0-4]$/.test(identifier) ? identifier : 'hw0'}_simulated`,
  create(toy) {
    const isOh = toy.identifier === 'hw1';
    return {
      write(endpoint, data) {
        const request = messageIn(data, 2);
        if (endpoint !== 'tx' || numberIn(data, 1) !== REQUEST || !request) return;
        const move = messageIn(request, 744);
        const vibration = messageIn(request, 900);
        if (move && !isOh && numberIn(move, 1) <= 1) {
          toy.move(0, Math.round(numberIn(move, 1) * 100), numberIn(move, 2));
        }
        if (vibration && isOh && numberIn(vibration, 1) <= 1) {
          toy.set(0, 'Vibrate', Math.round(numberIn(vibration, 1) * 100));
        }
        if (messageIn(request, 901) && isOh) toy.set(0, 'Vibrate', 0);

        const id = numberIn(request, 2);
        // Asked what it can do, it has only ever been heard to refuse.
        const answer = messageIn(request, 713)
          ? { 1: id, 2: messageOf({ 1: NOT_POSSIBLE }) }
          : { 1: id, ...(messageIn(request, 710) && { 710: messageOf({ 1: messageOf({ 1: toy.battery }) }) }) };
        toy.notify('rx', messageOf({ 1: RESPONSE, 4: messageOf(answer) }));
      },
    };
  },
};
