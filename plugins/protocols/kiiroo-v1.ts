import {
  ascii,
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  timedPosition,
  vibrate,
  type Whereabouts,
} from 'pulsegate/plugin';

const digit = perFeature(({ value }) => ascii(`${value},\n`));

export const kiirooV1 = defineProtocol({
  id: 'kiiroo-v1',
  brand: 'Kiiroo',
  status: 'unverified',
  links: [
    bluetooth({
      names: ['ONYX', 'PEARL'],
      services: {
        '49535343-fe7d-4ae5-8fa9-9fafd205e455': {
          rx: '49535343-1e4d-4bd9-ba61-23c647249616',
          tx: '49535343-8841-43f4-a8d4-ecbe34729bb3',
          command: '49535343-aca3-481c-91ec-d85e28a60318',
        },
      },
    }),
  ],
  models: [
    otherwise('Kiiroo V1 Device', features(), { id: 'dec656b7-b312-4626-9811-fe2d51ed1242' }),
    model('PEARL', 'Kiiroo Pearl', features(vibrate(4, { id: '31eee57b-a1d8-49de-ac72-0dba46885a28' })), {
      id: 'aa35c397-8827-44c8-bc9f-a9acc234fba5',
    }),
    model('ONYX', 'Kiiroo Onyx', features(timedPosition(4, 100_000, { id: '2fe100ee-4665-4132-b4c6-d70a4037d6ac' })), {
      id: 'f01513ef-a0c9-412d-ae70-b965b65379a8',
    }),
  ],
  open() {
    let there: Whereabouts | undefined;
    return {
      output(order, levels) {
        // A digit and nothing about time: the Onyx goes to each position as fast as it does (facts: protocols/kiiroo-v1, doubts).
        // When a move is stopped it is there already, and must not be sent back to where it would be if it had taken its time.
        if (order.type === 'HwPositionWithDuration') there = { position: order.value, isMoving: false };
        return digit(order, levels);
      },
      whereabouts: () => there,
      resume(_feature, { position }) {
        there = { position, isMoving: false };
      },
    };
  },
});
