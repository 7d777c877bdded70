import { bluetooth, defineProtocol, features, model, perFeature, stateless, vibrate } from 'pulsegate/plugin';

/** Names end in something of each toy's own; to the community they are all one model. */
const MODEL = 'Aogu BLE';

export const prettylove = defineProtocol({
  id: 'prettylove',
  brand: 'Pretty Love',
  links: [
    bluetooth({
      names: ['Aogu BLE *', 'AB Shutter3 [Aogu BLE Device]'],
      services: { ffe5: { tx: 'ffe9', rx: 'ffe2' } },
    }),
  ],
  models: [
    model(MODEL, 'Pretty Love Device', features(vibrate(3, { id: '349df5c5-1c5d-4de2-a3d9-c9159c640aba' })), {
      id: 'abeb7195-dbc2-4bd1-a079-18ffbb04e521',
    }),
  ],
  async identify() {
    return MODEL;
  },
  open: stateless(perFeature(({ value }) => [0x00, value], { withResponse: true })),
});
