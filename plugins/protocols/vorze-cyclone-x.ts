import { defineProtocol, features, hid, otherwise, perFeature, rotateBothWays, stateless } from 'pulsegate/plugin';

const REPORT_ID = 0x00;
const DIGIT_0 = 0x30;
const RUNNING = 0x30;
const FORWARDS = 0x30;
const BACKWARDS = 0x31;

export const vorzeCycloneX = defineProtocol({
  id: 'vorze-cyclone-x',
  brand: 'Vorze',
  status: 'unverified',
  links: [hid({ vendorId: 0x0483, productId: 0x5750 })],
  models: [
    otherwise(
      'Vorze Cyclone X10 Device',
      features(rotateBothWays(10, { id: '1d1b4dea-ab29-4426-a9f4-dda2c594eefb' })),
      { id: 'ac27ce47-6d49-4c43-ac6f-01a19e546305' },
    ),
  ],
  open: stateless(
    perFeature(({ value }) => {
      const speed = DIGIT_0 + Math.abs(value);
      const mode = value < 0 ? BACKWARDS : FORWARDS;
      return [REPORT_ID, 0x3c, 0x30, 0x31, 0x35, 0x32, RUNNING, speed, 0x30, mode, 0x30, 0x01, 0x02, 0x03, 0x68, 0x3e];
    }),
  ),
});
