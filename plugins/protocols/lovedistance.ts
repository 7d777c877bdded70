import { bluetooth, defineProtocol, features, model, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const standard = features(vibrate(121, { id: '3eae1a60-e996-4726-858b-2128a1ae376a' }));

const speed = (level: number) => [0xf3, 0x00, level];

export const lovedistance = defineProtocol({
  id: 'lovedistance',
  brand: 'Love Distance',
  links: [
    bluetooth({
      names: ['REACH G', 'REACH', 'MAG', 'SPAN', 'RANGE', 'ORBIT', 'JOIN G', 'LINK', 'GRASP', 'RECEIVE'],
      services: { ff00: { tx: 'ff01', rx: 'ff02' } },
    }),
  ],
  models: [
    otherwise('Love Distance Device', standard, { id: '1cd71bad-3cfc-41ee-a6b8-8651bf658489' }),
    model('REACH G', 'Love Distance Reach G', standard, { id: '7b190a71-6667-4b63-9929-42dc3a22d113' }),
    model('REACH', 'Love Distance Reach', standard, { id: 'ad11cd1c-7450-4a0e-b7cf-4ff94e53b685' }),
    model('MAG', 'Love Distance Mag', standard, { id: 'bae30100-1dfa-4bd9-a2b3-e9415bebd1cb' }),
    model('SPAN', 'Love Distance Span', standard, { id: '84d00425-1a74-4fef-ad06-a5cdf22450d4' }),
    model('RANGE', 'Love Distance Range', standard, { id: '9cd3854e-03d7-4a32-b189-a97990ef45be' }),
    model('ORBIT', 'Love Distance Range', standard, { id: '04c77f83-87bc-4547-87cc-d2c45c203313' }),
    model('JOIN G', 'Love Distance Join G', standard, { id: '21f4d6ea-9c83-4d3e-a095-f5761e6c63ed' }),
    model('LINK', 'Love Distance Link', standard, { id: '7dfc44e0-0a77-4725-be94-55ae7fab2601' }),
    model('GRASP', 'Love Distance Grasp', standard, { id: '57d24ed8-fc9d-4dad-87b0-d978d3ebe8cd' }),
    model('RECEIVE', 'Love Distance Receive', standard, { id: 'd104ec28-cd82-4fdb-bb9b-96ffc3b639ed' }),
  ],
  async open({ link }) {
    // Speed 0, and the pattern without any change.
    for (const data of [speed(0), [0xf4, 0x01]]) await link.write('tx', Uint8Array.from(data), { withResponse: false });
    return { output: perFeature(({ value }) => speed(value)) };
  },
});
