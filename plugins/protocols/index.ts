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
import { pulsegateTestbed } from './pulsegate-testbed.js';
import { satisfyer } from './satisfyer.js';
import { svakomIker } from './svakom-iker.js';
import { svakomV5 } from './svakom-v5.js';
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
  pulsegateTestbed,
  satisfyer,
  svakomIker,
  svakomV5,
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
