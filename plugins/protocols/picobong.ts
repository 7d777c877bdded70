import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(vibrate(10, { id: '6acffe62-d4ae-4a9e-8610-123d46d26dcc' }));

/** Speed 0 of the steady mode would still turn the motor. */
const OFF = [0x01, 0xff, 0x00];

export const picobong = defineProtocol({
  id: 'picobong',
  brand: 'Picobong',
  links: [
    bluetooth({
      names: [
        'Blow hole',
        'Picobong Male Toy',
        'Diver',
        'Picobong Egg',
        'Life guard',
        'Picobong Ring',
        'Surfer',
        'Picobong Butt Plug',
        'Egg driver',
        'Surfer_plug',
      ],
      services: { fff0: { tx: 'fff1' } },
    }),
  ],
  models: [
    otherwise('Picobong Device', standard, { id: 'e820a3cc-70e2-4766-98d4-934a00a667db' }),
    model(['Blow hole', 'Picobong Male Toy'], 'Picobong Blow hole', standard, {
      id: '1f59dbcf-b84d-4cf8-ac68-87bacb143b34',
    }),
    model(['Diver', 'Picobong Egg'], 'Picobong Diver', standard, { id: 'b3396470-af6e-45df-ad4f-944539d71600' }),
    model(['Life guard', 'Picobong Ring'], 'Picobong Life guard', standard, {
      id: '88684b6f-6fde-488e-86a5-5c1f50893345',
    }),
    model(['Surfer', 'Picobong Butt Plug', 'Egg driver', 'Surfer_plug'], 'Picobong Surfer', standard, {
      id: 'f7c40c1b-0d86-4d39-9163-34a9a243d614',
    }),
  ],
  open: stateless(perFeature(({ value }) => (value === 0 ? OFF : [0x01, 0x01, value]))),
});
