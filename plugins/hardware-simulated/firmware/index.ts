import type { FirmwareDefinition } from '../firmware.js';
import { flufferFirmware } from './fluffer.js';
import { hismithFirmware } from './hismith.js';
import { hismithMiniFirmware } from './hismith-mini.js';
import { joyhubFirmware } from './joyhub.js';
import { kgoalBoostFirmware } from './kgoal-boost.js';
import { kiirooV21Firmware } from './kiiroo-v21.js';
import { letenFirmware } from './leten.js';
import { loobFirmware } from './loob.js';
import { lovehoneyDesireFirmware } from './lovehoney-desire.js';
import { lovenseFirmware } from './lovense.js';
import { pulsegateTestbedFirmware } from './pulsegate-testbed.js';
import { satisfyerFirmware } from './satisfyer.js';
import { svakomIkerFirmware } from './svakom-iker.js';
import { svakomV5Firmware } from './svakom-v5.js';
import { tcodeV03Firmware } from './tcode-v03.js';
import { thehandyFirmware } from './thehandy.js';
import { vorzeSaFirmware } from './vorze-sa.js';
import { wevibeFirmware } from './wevibe.js';

/** Every firmware there is. */
export const firmwares: readonly FirmwareDefinition[] = [
  flufferFirmware,
  hismithFirmware,
  hismithMiniFirmware,
  joyhubFirmware,
  kgoalBoostFirmware,
  kiirooV21Firmware,
  letenFirmware,
  loobFirmware,
  lovehoneyDesireFirmware,
  lovenseFirmware,
  pulsegateTestbedFirmware,
  satisfyerFirmware,
  svakomIkerFirmware,
  svakomV5Firmware,
  tcodeV03Firmware,
  thehandyFirmware,
  vorzeSaFirmware,
  wevibeFirmware,
];

const byProtocol = new Map(firmwares.map((firmware) => [firmware.protocol, firmware]));

export const firmwareFor = (protocol: string): FirmwareDefinition | undefined => byProtocol.get(protocol);
