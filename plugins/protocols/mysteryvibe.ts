import {
  bluetooth,
  defineProtocol,
  features,
  model,
  motorPlaces,
  otherwise,
  type ProtocolDefinition,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const sixMotors = features(
  vibrate(56, { id: '40c417e0-8a0b-4017-a0b5-2b33df4f0acc' }),
  vibrate(56, { id: '84057071-af0e-4156-9f82-f7afc794bcde' }),
  vibrate(56, { id: 'edaa4f3d-71c2-43b3-b9c3-b6a425b27200' }),
  vibrate(56, { id: 'b977c4f4-1585-49c4-9980-c2e8d329f713' }),
  vibrate(56, { id: 'ba9c09c7-1948-4b6f-823f-d9fd1380709c' }),
  vibrate(56, { id: '5a0a0429-5fb6-4bcb-bb4c-5e14f4338677' }),
);

/** Motors run for 80 to 90 ms after a packet. */
export const KEEPALIVE = { kind: 'repeat-last', everyMs: 93 } as const;

/** Puts the toy into the mode in which it takes one level for each motor. */
export function openInMode(mode: readonly number[]): ProtocolDefinition['open'] {
  return async ({ link, model }) => {
    await link.write('txmode', Uint8Array.from(mode), { withResponse: true });
    const places = motorPlaces(model);
    return { output: wholeDevice((level) => places.map(level), { endpoint: 'txvibrate' }) };
  };
}

export const mysteryvibe = defineProtocol({
  id: 'mysteryvibe',
  brand: 'MysteryVibe',
  links: [
    bluetooth({
      names: ['MV Crescendo', 'MV Tenuto   ', 'MV Poco     '],
      services: {
        'f0006900-110c-478b-b74b-6f403b364a9c': {
          txmode: 'f0006901-110c-478b-b74b-6f403b364a9c',
          txvibrate: 'f0006903-110c-478b-b74b-6f403b364a9c',
        },
      },
    }),
  ],
  models: [
    otherwise('Mysteryvibe Device', sixMotors, { id: '523391d5-1e0a-42f0-b669-5ad3f3e49902' }),
    model('MV Crescendo', 'MysteryVibe Crescendo', sixMotors, { id: '09470af5-da2f-45f4-b540-da653c4c0b40' }),
    model('MV Tenuto   ', 'MysteryVibe Tenuto', sixMotors, { id: '1cb2c947-aa77-4aaa-83d4-f987ecb33953' }),
    model(
      'MV Poco     ',
      'MysteryVibe Poco',
      features(
        vibrate(56, { id: '78d26150-7355-4633-bdc0-d2d58b2ea2aa' }),
        vibrate(56, { id: '8f0c1cc0-b269-4eb6-a87f-34aeaee28906' }),
      ),
      { id: 'b72b5597-a708-4fe9-919a-99f1d38291ef' },
    ),
  ],
  keepalive: KEEPALIVE,
  open: openInMode([0x43, 0x02, 0x00]),
});
