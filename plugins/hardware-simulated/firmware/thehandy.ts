import type { FirmwareDefinition } from '../firmware.js';
import { messagesIn, numberIn } from '../protobuf.js';

const within = (messages: readonly Uint8Array[], field: number) =>
  messages.flatMap((message) => messagesIn(message, field));

const PAYLOAD_MESSAGES = 1;
const LINEAR_COMMAND = 403;
const VECTORS = 3;

export const thehandyFirmware: FirmwareDefinition = {
  protocol: 'thehandy',
  advertisedName: () => 'The Handy',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx') return;
      for (const vector of within(within(within([data], PAYLOAD_MESSAGES), LINEAR_COMMAND), VECTORS)) {
        const position = numberIn(vector, 3);
        if (position >= 0 && position <= 1) toy.move(0, Math.round(position * 100), numberIn(vector, 2));
      }
    },
  }),
};
