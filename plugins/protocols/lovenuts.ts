import {
  ascii,
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

/** Twenty steps of a pattern follow, four bits each; all are the same here. */
const HEADER = ascii('EVOL');
const STEP_TIME = [0x00, 0xff];

export const lovenuts = defineProtocol({
  id: 'lovenuts',
  brand: 'Love Nuts',
  links: [bluetooth({ names: ['Love_Nuts'], services: { fff0: { tx: 'fff1' } } })],
  models: [
    otherwise('Love Nut', features(vibrate(15, { id: '45793bae-a3d5-4d76-9f20-f907e82b18df' })), {
      id: '3d5a9edb-e393-4603-8fb9-e038d3c4c0f3',
    }),
  ],
  open: stateless(
    perFeature(({ value }) => [...HEADER, ...new Array<number>(10).fill((value << 4) | value), ...STEP_TIME]),
  ),
});
