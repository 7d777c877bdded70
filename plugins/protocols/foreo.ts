import { bluetooth, defineProtocol, features, model, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const oneVibrator = features(vibrate(10, { id: '0749f306-bd4c-48d7-9c2a-1309817a4dcc' }));

function modeOf(name: string): number {
  const text = name.toLowerCase();
  if (text.includes('smart') && text.includes('2')) return 0x03;
  return text.includes('fofo') || text.includes('ufo') ? 0x01 : 0x00;
}

export const foreo = defineProtocol({
  id: 'foreo',
  brand: 'Foreo',
  corrections: [
    'A UFO 3 led is shown as what it is, not as an unknown device: its advertised name is missing in the table of models.',
  ],
  links: [
    bluetooth({
      names: [
        'FOFO',
        'LUNA fofo',
        'LUNA FOFO',
        'LUNA PLAY SMART',
        'LUNA PLAYSMART2',
        'LUNA PLAY SMART2',
        'LUNA play smart2',
        'LUNA play smart 2',
        'LUNA 3',
        'LUNA3',
        'LUNA3PLUS',
        'LUNA3 PLUS',
        'LUNA 3 PLUS',
        'LUNA 3 plus',
        'LUNA 3 MEN',
        'LUNA3MEN',
        'LUNA MINI3',
        'LUNA MINI 3',
        'LUNA mini 3',
        'LUNA4PLUS',
        'LUNA4',
        'LUNA 4',
        'LUNA4 PLUS',
        'LUNA 4 plus',
        'LUNA4MEN',
        'LUNA 4 MEN',
        'LUNA 4 FOR MEN',
        'LUNA MINI4',
        'LUNA MINI 4',
        'LUNA mini 4',
        'LUNA 4 mini',
        'UFO',
        'UFO mini',
        'UFO MINI',
        'UFO MIN',
        'UFO2',
        'UFO 2',
        'UFOMINI2',
        'UFO mini 2',
        'UFO3',
        'UFO3mini',
        'UFO3go',
        'UFO3led',
        'BEAR',
        'BEAR_MINI',
        'BEAR MINI',
        'BEAR mini',
        'BEAR2',
        'BEAR 2',
        'BEAR2go',
        'BEAR2body',
        'BEAR2eyes',
        'KIWI',
        'KIWI derma',
      ],
      services: { fff0: { tx: 'fff1' } },
    }),
  ],
  models: [
    otherwise('Foreo Device', oneVibrator, { id: '92d98050-7a3f-45b2-9df1-41e8cda28033' }),
    model(['FOFO', 'LUNA fofo', 'LUNA FOFO', 'LUNA PLAY SMART'], 'Foreo LUNA fofo', oneVibrator, {
      id: '98f14be3-8938-403a-8f90-d4bf5d15409f',
    }),
    model(
      ['LUNA PLAYSMART2', 'LUNA PLAY SMART2', 'LUNA play smart2', 'LUNA play smart 2'],
      'Foreo LUNA play smart 2',
      oneVibrator,
      { id: 'ee014806-a78a-4d83-9c22-25941f13c26e' },
    ),
    model(['LUNA 3', 'LUNA3'], 'Foreo LUNA 3', oneVibrator, { id: 'c711b125-092c-4ece-bb98-83050b3fdf52' }),
    model(['LUNA3PLUS', 'LUNA3 PLUS', 'LUNA 3 PLUS', 'LUNA 3 plus'], 'Foreo LUNA 3 plus', oneVibrator, {
      id: 'da0802b8-f60c-4261-83f7-6c703e587fa2',
    }),
    model(['LUNA 3 MEN', 'LUNA3MEN'], 'Foreo LUNA 3 men', oneVibrator, { id: 'de02db79-eba2-48dc-b539-5364aaae4bd2' }),
    model(['LUNA MINI3', 'LUNA MINI 3', 'LUNA mini 3'], 'Foreo LUNA 3 mini', oneVibrator, {
      id: '2ec4a921-d834-4da0-b710-a9d10fba4942',
    }),
    model(['LUNA4', 'LUNA 4'], 'Foreo LUNA 4', oneVibrator, { id: '695d3e66-e545-43ae-a8fa-8a8883e32439' }),
    model(['LUNA4PLUS', 'LUNA4 PLUS', 'LUNA 4 plus'], 'Foreo LUNA 4 plus', oneVibrator, {
      id: '34503c35-05ef-44f4-875e-e46c9c81a71f',
    }),
    model(['LUNA4MEN', 'LUNA 4 MEN', 'LUNA 4 FOR MEN'], 'Foreo LUNA 4 men', oneVibrator, {
      id: 'e519d03d-35e4-4e06-84da-a183a516d2bf',
    }),
    model(['LUNA MINI4', 'LUNA MINI 4', 'LUNA mini 4', 'LUNA 4 mini'], 'Foreo LUNA 4 mini', oneVibrator, {
      id: '52c53ab8-513a-4cb8-abb5-622086c7b6b0',
    }),
    model('UFO', 'Foreo UFO', oneVibrator, { id: '67c567c0-1ea2-4093-80bf-a109f6831621' }),
    model(['UFO mini', 'UFO MINI', 'UFO MIN'], 'Foreo UFO mini', oneVibrator, {
      id: '305f6099-c0a7-4eb0-bf0f-7499ef152d8c',
    }),
    model(['UFO2', 'UFO 2'], 'Foreo UFO 2', oneVibrator, { id: '5e5700df-c1b1-448a-822f-1808e453641f' }),
    model('UFO3', 'Foreo UFO 3', oneVibrator, { id: '3256b258-13cd-4df9-abdb-d8e547c396d5' }),
    model('UFO3go', 'Foreo UFO 3 go', oneVibrator, { id: '1ca37f05-520d-4696-86b1-d0edcf9fa803' }),
    // Devices say `UFO3led`; tables have another word for it (facts: protocols/foreo, doubts).
    model(['UFO3eyes', 'UFO3led'], 'Foreo UFO 3 led', oneVibrator, { id: '77d89601-216c-42ee-9908-c0afd777c9a6' }),
    model('UFO3mini', 'Foreo UFO 3 mini', oneVibrator, { id: '58f9677c-440f-43c9-9ab6-7f938edd3f4a' }),
    model(['UFOMINI2', 'UFO mini 2'], 'Foreo UFO mini 2', oneVibrator, { id: 'd555e823-52aa-4f02-8d8e-788c3dbe3a5e' }),
    model('BEAR', 'Foreo BEAR', oneVibrator, { id: 'a050edb2-71b2-494a-b3db-4f0d9ac20310' }),
    model(['BEAR_MINI', 'BEAR MINI', 'BEAR mini'], 'Foreo BEAR mini', oneVibrator, {
      id: '1231d10c-eee6-4061-8eb2-ffdec6f1523a',
    }),
    model(['BEAR2', 'BEAR 2'], 'Foreo BEAR 2', oneVibrator, { id: 'c57d9ca7-f3e6-4f48-b65c-fec9a648b699' }),
    model('BEAR2go', 'Foreo BEAR 2 go', oneVibrator, { id: '35a0a090-3085-4f83-b9d2-eb26d0c21ea9' }),
    model('BEAR2eyes', 'Foreo BEAR 2 eyes', oneVibrator, { id: 'c66dd16e-13e0-4446-809f-a1567fe746c7' }),
    model('BEAR2body', 'Foreo BEAR 2 body', oneVibrator, { id: 'a837cdd0-6513-4962-85be-d4859e1a7c98' }),
    model('KIWI', 'Foreo KIWI', oneVibrator, { id: 'd14e7fd0-1da8-44dc-8028-39a5655185fa' }),
    model('KIWI derma', 'Foreo KIWI derma', oneVibrator, { id: 'ee07bc74-21af-455d-a26a-fab22f188f97' }),
  ],
  open({ identifier }) {
    const mode = modeOf(identifier);
    return { output: perFeature(({ value }) => [0x01, mode, value], { withResponse: true }) };
  },
});
