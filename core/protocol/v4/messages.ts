import Type from 'typebox';
import { MessageError } from '../../errors.js';
import { Exactly, I32, Id, Milliseconds, message, U32 } from '../definition.js';
import { frame } from '../messages.js';
import { OUTPUT_TYPES } from '../model.js';
import { readInputCommand, readInputType } from '../names.js';

/** Commands of spec version 4. */

const DeviceIndex = U32;
const FeatureIndex = U32;

// Fields beyond these are left alone inside an order, as the reference does (facts: messages, §4.2).
const Level = Type.Optional(Type.Object({ Value: I32 }));
const TimedMove = Type.Optional(Type.Object({ Value: U32, Duration: Milliseconds }));

const OutputOrder = Type.Object(
  {
    Vibrate: Level,
    Rotate: Level,
    Oscillate: Level,
    Constrict: Level,
    Spray: Level,
    Temperature: Level,
    Led: Level,
    Position: Level,
    HwPositionWithDuration: TimedMove,
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);

const outputCmd = message(
  'OutputCmd',
  [4],
  Exactly({ Id, DeviceIndex, FeatureIndex, Command: OutputOrder }),
  ({ DeviceIndex, FeatureIndex, Command }) => {
    const timed = Command.HwPositionWithDuration;
    if (timed) {
      const order = {
        type: 'HwPositionWithDuration',
        value: timed.Value,
        duration: Math.round(timed.Duration),
      } as const;
      return { kind: 'outputs', commands: [{ deviceIndex: DeviceIndex, featureIndex: FeatureIndex, ...order }] };
    }
    for (const type of OUTPUT_TYPES) {
      const order = Command[type];
      if (order) {
        return {
          kind: 'outputs',
          commands: [{ deviceIndex: DeviceIndex, featureIndex: FeatureIndex, type, value: order.Value }],
        };
      }
    }
    throw new MessageError('OutputCmd.Command is empty');
  },
);

const inputCmd = message(
  'InputCmd',
  [4],
  Exactly({ Id, DeviceIndex, FeatureIndex, Type: Type.String(), Command: Type.String() }),
  (body) => {
    const type = readInputType(body.Type, 'InputCmd.Type');
    const input = { deviceIndex: body.DeviceIndex, featureIndex: body.FeatureIndex, type };
    switch (readInputCommand(body.Command)) {
      case 'Read':
        return { kind: 'read', input, reply: (id, value) => inputReadingFrame(id, { ...input, value }) };
      case 'Subscribe':
        return { kind: 'subscribe', input };
      case 'Unsubscribe':
        return { kind: 'unsubscribe', input };
    }
  },
);

const stopCmd = message(
  'StopCmd',
  [4],
  Exactly({
    Id,
    DeviceIndex: Type.Optional(DeviceIndex),
    FeatureIndex: Type.Optional(FeatureIndex),
    Inputs: Type.Optional(Type.Boolean()),
    Outputs: Type.Optional(Type.Boolean()),
  }),
  (body) => ({
    kind: 'stop',
    scope: {
      deviceIndex: body.DeviceIndex,
      featureIndex: body.FeatureIndex,
      inputs: body.Inputs ?? true,
      outputs: body.Outputs ?? true,
    },
  }),
);

const disconnect = message('Disconnect', [4], Exactly({ Id }), () => ({ kind: 'disconnect' }));

export const v4Messages = [outputCmd, inputCmd, stopCmd, disconnect];

export function inputReadingFrame(
  id: number,
  reading: { deviceIndex: number; featureIndex: number; type: string; value: number },
): string {
  return frame('InputReading', {
    Id: id,
    DeviceIndex: reading.deviceIndex,
    FeatureIndex: reading.featureIndex,
    Reading: { [reading.type]: { Value: reading.value } },
  });
}
