import { definePlugin, PLUGIN_API, PROTOCOLS, Type } from 'pulsegate/plugin';
import { fluffer } from './fluffer.js';
import { hismith } from './hismith.js';
import { hismithMini } from './hismith-mini.js';
import { joyhub } from './joyhub.js';
import { kgoalBoost } from './kgoal-boost.js';
import { kiirooV21 } from './kiiroo-v21.js';
import { leten } from './leten.js';
import { loob } from './loob.js';
import { lovehoneyDesire } from './lovehoney-desire.js';
import { lovense } from './lovense.js';
import { picobong } from './picobong.js';
import { pinkPunch } from './pink_punch.js';
import { prettylove } from './prettylove.js';
import { pulsegateTestbed } from './pulsegate-testbed.js';
import { realov } from './realov.js';
import { realtouch } from './realtouch.js';
import { rezTrancevibrator } from './rez-trancevibrator.js';
import { sakuraneko } from './sakuraneko.js';
import { satisfyer } from './satisfyer.js';
import { sayberx } from './sayberx.js';
import { sensee } from './sensee.js';
import { senseeV2 } from './sensee-v2.js';
import { serveu } from './serveu.js';
import { sexverseLg389 } from './sexverse-lg389.js';
import { sexverseV1 } from './sexverse-v1.js';
import { sexverseV2 } from './sexverse-v2.js';
import { sexverseV3 } from './sexverse-v3.js';
import { sexverseV4 } from './sexverse-v4.js';
import { sexverseV5 } from './sexverse-v5.js';
import { svakomIker } from './svakom-iker.js';
import { svakomV5 } from './svakom-v5.js';
import { synchro } from './synchro.js';
import { tcodeV03 } from './tcode-v03.js';
import { thehandy } from './thehandy.js';
import { vorzeSa } from './vorze-sa.js';
import { wevibe } from './wevibe.js';

/** Every protocol that comes with the gateway. */
export const protocols = [
  fluffer,
  hismith,
  hismithMini,
  joyhub,
  kgoalBoost,
  kiirooV21,
  leten,
  loob,
  lovehoneyDesire,
  lovense,
  picobong,
  pinkPunch,
  prettylove,
  pulsegateTestbed,
  realov,
  realtouch,
  rezTrancevibrator,
  sakuraneko,
  satisfyer,
  sayberx,
  sensee,
  senseeV2,
  serveu,
  sexverseLg389,
  sexverseV1,
  sexverseV2,
  sexverseV3,
  sexverseV4,
  sexverseV5,
  svakomIker,
  svakomV5,
  synchro,
  tcodeV03,
  thehandy,
  vorzeSa,
  wevibe,
];

export default definePlugin({
  name: 'protocols',
  kind: 'protocol',
  api: PLUGIN_API,
  description: 'The built-in catalogue of device protocols',
  config: Type.Object({}, { additionalProperties: false }),
  create: ({ use }) => ({
    start() {
      for (const definition of protocols)
        use(PROTOCOLS).add(definition, { isReplaceable: definition !== pulsegateTestbed });
    },
    // What was added goes with the plugin's scope.
    stop() {},
  }),
});
