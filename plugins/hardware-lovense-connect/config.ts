import { type Static, Type } from 'pulsegate/plugin';

export const config = Type.Object(
  {
    hosts: Type.Array(
      Type.String({ pattern: '^https?://[^/]+$', maxLength: 300, examples: ['http://192.168.1.5:34567'] }),
      {
        default: [],
        maxItems: 20,
        description: 'Phones with the app, as it shows their addresses; with any here, nobody else is asked for some',
      },
    ),
    directory: Type.String({
      default: 'https://api.lovense.com/api/lan/getToys',
      maxLength: 500,
      description:
        'Where to ask which phones in this network have the app, when no hosts are named: a server of the maker, which learns the public address of your network; empty for nowhere',
    }),
    rescan: Type.Integer({
      default: 10_000,
      minimum: 1_000,
      maximum: 600_000,
      description: 'Pause between two looks for toys during a scan, ms',
    }),
    timeout: Type.Integer({
      default: 2_500,
      minimum: 100,
      maximum: 60_000,
      description: 'How long an answer may take, ms',
    }),
  },
  { additionalProperties: false },
);

export type LovenseConnectConfig = Static<typeof config>;
