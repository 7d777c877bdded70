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
import { picobongFirmware } from './picobong.js';
import { pinkPunchFirmware } from './pink_punch.js';
import { prettyloveFirmware } from './prettylove.js';
import { pulsegateTestbedFirmware } from './pulsegate-testbed.js';
import { realovFirmware } from './realov.js';
import { rezTrancevibratorFirmware } from './rez-trancevibrator.js';
import { sakuranekoFirmware } from './sakuraneko.js';
import { satisfyerFirmware } from './satisfyer.js';
import { sayberxFirmware } from './sayberx.js';
import { senseeFirmware } from './sensee.js';
import { senseeV2Firmware } from './sensee-v2.js';
import { serveuFirmware } from './serveu.js';
import { sexverseLg389Firmware } from './sexverse-lg389.js';
import { sexverseV1Firmware } from './sexverse-v1.js';
import { sexverseV2Firmware } from './sexverse-v2.js';
import { sexverseV3Firmware } from './sexverse-v3.js';
import { sexverseV4Firmware } from './sexverse-v4.js';
import { sexverseV5Firmware } from './sexverse-v5.js';
import { svakomIkerFirmware } from './svakom-iker.js';
import { svakomV5Firmware } from './svakom-v5.js';
import { synchroFirmware } from './synchro.js';
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
  picobongFirmware,
  pinkPunchFirmware,
  prettyloveFirmware,
  pulsegateTestbedFirmware,
  realovFirmware,
  rezTrancevibratorFirmware,
  sakuranekoFirmware,
  satisfyerFirmware,
  sayberxFirmware,
  senseeFirmware,
  senseeV2Firmware,
  serveuFirmware,
  sexverseLg389Firmware,
  sexverseV1Firmware,
  sexverseV2Firmware,
  sexverseV3Firmware,
  sexverseV4Firmware,
  sexverseV5Firmware,
  svakomIkerFirmware,
  svakomV5Firmware,
  synchroFirmware,
  tcodeV03Firmware,
  thehandyFirmware,
  vorzeSaFirmware,
  wevibeFirmware,
];

const byProtocol = new Map(firmwares.map((firmware) => [firmware.protocol, firmware]));

export const firmwareFor = (protocol: string): FirmwareDefinition | undefined => byProtocol.get(protocol);
