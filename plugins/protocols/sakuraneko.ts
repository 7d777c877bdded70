import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  rotate,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(vibrate(100, { id: 'bb67be77-f219-411d-98b5-d6b358eb94c9' }));

const HEAD = [0x08, 0x01, 0x00, 0x00, 0x00, 0x64];
const TAIL = [0xdf, 0x55];

export const sakuraneko = defineProtocol({
  id: 'sakuraneko',
  brand: 'Sakuraneko',
  links: [
    bluetooth({
      names: ['sakuraneko-01', 'sakuraneko-02', 'sakuraneko-03', 'sakuraneko-04'],
      services: { ffe0: { tx: 'ffe1' } },
    }),
  ],
  models: [
    otherwise('Sakuraneko Device', standard, { id: '0e121fa6-76db-484a-892f-4dc88ac6f333' }),
    model('sakuraneko-01', 'Sakuraneko Korokoro', standard, { id: '26673810-3196-4733-8071-781c221c1a39' }),
    model('sakuraneko-02', 'Sakuraneko Nukunuku', standard, { id: 'e1bcba4b-1f4d-4d57-8a30-ee3696fb206f' }),
    model('sakuraneko-03', 'Sakuraneko Dokidoki', standard, { id: '7234946a-55ed-483a-8482-a6d6e1e97c4b' }),
    model(
      'sakuraneko-04',
      'Sakuraneko Koikoi',
      features(
        vibrate(100, { id: 'a5eb13a7-1f14-4785-a2ea-86dde4a3e15b' }),
        rotate(100, { id: '62b84b1c-cfcd-4d9a-8dba-4d8210e5ee93' }),
      ),
      { id: 'c45e02cd-b8b6-4617-996e-302db442b228' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => [0xa1, ...HEAD, value, 0x00, 0x64, ...TAIL]),
      Rotate: perFeature(({ value }) => [0xa2, ...HEAD, Math.abs(value), 0x00, 0x32, ...TAIL]),
    }),
  ),
});
