import { Type } from 'pulsegate/plugin';

export const config = Type.Object(
  {
    folder: Type.String({
      default: './devices',
      minLength: 1,
      'x-path': true,
      description: 'Folder with definitions of devices: a YAML file (*.yml) for each protocol',
    }),
  },
  { additionalProperties: false },
);
