import type { FirmwareDefinition } from '../firmware.js';
import { activejoyFirmware } from './activejoy.js';
import { adrienlasticFirmware } from './adrienlastic.js';
import { amorelieJoyFirmware } from './amorelie-joy.js';
import { anerosFirmware } from './aneros.js';
import { ankniFirmware } from './ankni.js';
import { bananasomeFirmware } from './bananasome.js';
import { cachitoFirmware } from './cachito.js';
import { cowgirlFirmware } from './cowgirl.js';
import { cowgirlConeFirmware } from './cowgirl-cone.js';
import { cuemeFirmware } from './cueme.js';
import { cupidoFirmware } from './cupido.js';
import { deepsireFirmware } from './deepsire.js';
import { feelingsoFirmware } from './feelingso.js';
import { fleshyThrustFirmware } from './fleshy-thrust.js';
import { flufferFirmware } from './fluffer.js';
import { foreoFirmware } from './foreo.js';
import { foxFirmware } from './fox.js';
import { fredorchFirmware } from './fredorch.js';
import { fredorchRotaryFirmware } from './fredorch-rotary.js';
import { galakuFirmware } from './galaku.js';
import { galakuPumpFirmware } from './galaku-pump.js';
import { hgodFirmware } from './hgod.js';
import { hismithFirmware } from './hismith.js';
import { hismithMiniFirmware } from './hismith-mini.js';
import { honeyplayboxFirmware } from './honeyplaybox.js';
import { htkBmFirmware } from './htk_bm.js';
import { itoysFirmware } from './itoys.js';
import { jejoueFirmware } from './jejoue.js';
import { joyhubFirmware } from './joyhub.js';
import { kgoalBoostFirmware } from './kgoal-boost.js';
import { kiirooPowershotFirmware } from './kiiroo-powershot.js';
import { kiirooProwandFirmware } from './kiiroo-prowand.js';
import { kiirooSpotFirmware } from './kiiroo-spot.js';
import { kiirooV1Firmware } from './kiiroo-v1.js';
import { kiirooV2Firmware } from './kiiroo-v2.js';
import { kiirooV2VibratorFirmware } from './kiiroo-v2-vibrator.js';
import { kiirooV3Firmware } from './kiiroo-v3.js';
import { kiirooV21Firmware } from './kiiroo-v21.js';
import { kiirooV21InitializedFirmware } from './kiiroo-v21-initialized.js';
import { kizunaFirmware } from './kizuna.js';
import { leloF1sFirmware } from './lelo-f1s.js';
import { leloF1sv2Firmware } from './lelo-f1sv2.js';
import { leloHarmonyFirmware } from './lelo-harmony.js';
import { letenFirmware } from './leten.js';
import { liboElleFirmware } from './libo-elle.js';
import { liboSharkFirmware } from './libo-shark.js';
import { liboVibesFirmware } from './libo-vibes.js';
import { lionessFirmware } from './lioness.js';
import { loobFirmware } from './loob.js';
import { lovedistanceFirmware } from './lovedistance.js';
import { lovehoneyDesireFirmware } from './lovehoney-desire.js';
import { lovenseFirmware } from './lovense.js';
import { lovenseConnectServiceFirmware } from './lovense-connect-service.js';
import { lovenutsFirmware } from './lovenuts.js';
import { luvmazerFirmware } from './luvmazer.js';
import { magicMotion1Firmware } from './magic-motion-1.js';
import { magicMotion2Firmware } from './magic-motion-2.js';
import { magicMotion3Firmware } from './magic-motion-3.js';
import { magicMotion4Firmware } from './magic-motion-4.js';
import { mannuoFirmware } from './mannuo.js';
import { maxproFirmware } from './maxpro.js';
import { meeseFirmware } from './meese.js';
import { mizzzeeFirmware } from './mizzzee.js';
import { mizzzeeV2Firmware } from './mizzzee-v2.js';
import { mizzzeeV3Firmware } from './mizzzee-v3.js';
import { monsterpubFirmware } from './monsterpub.js';
import { motorbunnyFirmware } from './motorbunny.js';
import { museFirmware } from './muse.js';
import { mymuselinkplusFirmware } from './mymuselinkplus.js';
import { mysteryvibeFirmware } from './mysteryvibe.js';
import { mysteryvibeV2Firmware } from './mysteryvibe-v2.js';
import { nextlevelracingFirmware } from './nextlevelracing.js';
import { nexusRevoFirmware } from './nexus-revo.js';
import { nintendoJoyconFirmware } from './nintendo-joycon.js';
import { nobraFirmware } from './nobra.js';
import { omoboFirmware } from './omobo.js';
import { patooFirmware } from './patoo.js';
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
import { svakomAlexFirmware } from './svakom-alex.js';
import { svakomAlexV2Firmware } from './svakom-alex-v2.js';
import { svakomAvaneoFirmware } from './svakom-avaneo.js';
import { svakomBarnardFirmware } from './svakom-barnard.js';
import { svakomBarneyFirmware } from './svakom-barney.js';
import { svakomDiceFirmware } from './svakom-dice.js';
import { svakomDt250aFirmware } from './svakom-dt250a.js';
import { svakomIkerFirmware } from './svakom-iker.js';
import { svakomJordanFirmware } from './svakom-jordan.js';
import { svakomPulseFirmware } from './svakom-pulse.js';
import { svakomSamFirmware } from './svakom-sam.js';
import { svakomSam2Firmware } from './svakom-sam2.js';
import { svakomSuitcaseFirmware } from './svakom-suitcase.js';
import { svakomTaraxFirmware } from './svakom-tarax.js';
import { svakomV1Firmware } from './svakom-v1.js';
import { svakomV2Firmware } from './svakom-v2.js';
import { svakomV3Firmware } from './svakom-v3.js';
import { svakomV4Firmware } from './svakom-v4.js';
import { svakomV5Firmware } from './svakom-v5.js';
import { svakomV6Firmware } from './svakom-v6.js';
import { synchroFirmware } from './synchro.js';
import { tcodeV03Firmware } from './tcode-v03.js';
import { thehandyFirmware } from './thehandy.js';
import { thehandyV3Firmware } from './thehandy-v3.js';
import { tryfunFirmware } from './tryfun.js';
import { tryfunBlackholeFirmware } from './tryfun-blackhole.js';
import { tryfunMeta2Firmware } from './tryfun-meta2.js';
import { vibcrafterFirmware } from './vibcrafter.js';
import { vibratissimoFirmware } from './vibratissimo.js';
import { vorzeCycloneXFirmware } from './vorze-cyclone-x.js';
import { vorzeSaFirmware } from './vorze-sa.js';
import { wetoyFirmware } from './wetoy.js';
import { wevibeFirmware } from './wevibe.js';
import { wevibe8bitFirmware } from './wevibe-8bit.js';
import { wevibeChorusFirmware } from './wevibe-chorus.js';
import { xibaoFirmware } from './xibao.js';
import { xinputFirmware } from './xinput.js';
import { xiuxiudaFirmware } from './xiuxiuda.js';
import { xuanhuanFirmware } from './xuanhuan.js';
import { youcupsFirmware } from './youcups.js';
import { yououFirmware } from './youou.js';
import { zaloFirmware } from './zalo.js';

/** Every firmware there is. */
export const firmwares: readonly FirmwareDefinition[] = [
  activejoyFirmware,
  adrienlasticFirmware,
  amorelieJoyFirmware,
  anerosFirmware,
  ankniFirmware,
  bananasomeFirmware,
  cachitoFirmware,
  cowgirlConeFirmware,
  cowgirlFirmware,
  cuemeFirmware,
  cupidoFirmware,
  deepsireFirmware,
  feelingsoFirmware,
  fleshyThrustFirmware,
  flufferFirmware,
  foreoFirmware,
  foxFirmware,
  fredorchFirmware,
  fredorchRotaryFirmware,
  galakuFirmware,
  galakuPumpFirmware,
  hgodFirmware,
  hismithFirmware,
  hismithMiniFirmware,
  honeyplayboxFirmware,
  htkBmFirmware,
  itoysFirmware,
  jejoueFirmware,
  joyhubFirmware,
  kgoalBoostFirmware,
  kiirooPowershotFirmware,
  kiirooProwandFirmware,
  kiirooSpotFirmware,
  kiirooV1Firmware,
  kiirooV21Firmware,
  kiirooV21InitializedFirmware,
  kiirooV2Firmware,
  kiirooV2VibratorFirmware,
  kiirooV3Firmware,
  kizunaFirmware,
  leloF1sFirmware,
  leloF1sv2Firmware,
  leloHarmonyFirmware,
  letenFirmware,
  liboElleFirmware,
  liboSharkFirmware,
  liboVibesFirmware,
  lionessFirmware,
  loobFirmware,
  lovedistanceFirmware,
  lovehoneyDesireFirmware,
  lovenseConnectServiceFirmware,
  lovenseFirmware,
  lovenutsFirmware,
  luvmazerFirmware,
  magicMotion1Firmware,
  magicMotion2Firmware,
  magicMotion3Firmware,
  magicMotion4Firmware,
  mannuoFirmware,
  maxproFirmware,
  meeseFirmware,
  mizzzeeFirmware,
  mizzzeeV2Firmware,
  mizzzeeV3Firmware,
  monsterpubFirmware,
  motorbunnyFirmware,
  museFirmware,
  mymuselinkplusFirmware,
  mysteryvibeFirmware,
  mysteryvibeV2Firmware,
  nextlevelracingFirmware,
  nexusRevoFirmware,
  nintendoJoyconFirmware,
  nobraFirmware,
  omoboFirmware,
  patooFirmware,
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
  svakomAlexFirmware,
  svakomAlexV2Firmware,
  svakomAvaneoFirmware,
  svakomBarnardFirmware,
  svakomBarneyFirmware,
  svakomDiceFirmware,
  svakomDt250aFirmware,
  svakomIkerFirmware,
  svakomJordanFirmware,
  svakomPulseFirmware,
  svakomSam2Firmware,
  svakomSamFirmware,
  svakomSuitcaseFirmware,
  svakomTaraxFirmware,
  svakomV1Firmware,
  svakomV2Firmware,
  svakomV3Firmware,
  svakomV4Firmware,
  svakomV5Firmware,
  svakomV6Firmware,
  synchroFirmware,
  tcodeV03Firmware,
  thehandyFirmware,
  thehandyV3Firmware,
  tryfunBlackholeFirmware,
  tryfunFirmware,
  tryfunMeta2Firmware,
  vibcrafterFirmware,
  vibratissimoFirmware,
  vorzeCycloneXFirmware,
  vorzeSaFirmware,
  wetoyFirmware,
  wevibe8bitFirmware,
  wevibeChorusFirmware,
  wevibeFirmware,
  xibaoFirmware,
  xinputFirmware,
  xiuxiudaFirmware,
  xuanhuanFirmware,
  youcupsFirmware,
  yououFirmware,
  zaloFirmware,
];

const byProtocol = new Map(firmwares.map((firmware) => [firmware.protocol, firmware]));

export const firmwareFor = (protocol: string): FirmwareDefinition | undefined => byProtocol.get(protocol);
