import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SessionStage } from '../../support/mqtt/session-stage.js';

const CLIENTS = ['ada', 'bob'];
const SESSIONS = ['one', 'two', 'three'];

/** Anything that may happen on a broker, to few enough sessions that it meets. */
const event = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('up' as const),
      client: fc.constantFrom(...CLIENTS),
      session: fc.constantFrom(...SESSIONS),
      number: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 0, max: 9 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('gone' as const),
      client: fc.constantFrom(...CLIENTS),
      session: fc.constantFrom(...SESSIONS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broker lost' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.nat(400) }) },
);

const frameOf = (client: string, session: string, number: number) => `["${client}/${session}/${number}"]`;

it('whatever happens on the broker, each session opens once and takes each frame at most once, in order, while it lives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const stage = new SessionStage();
      for (const one of events) {
        if (one.kind === 'up') {
          const { client, session, number } = one;
          stage.up(`${number} ${frameOf(client, session, number)}`, session, client);
        } else if (one.kind === 'gone') stage.gone(one.session, one.client);
        else if (one.kind === 'pause') await stage.clock.advance(one.ms);
        else {
          stage.broker.breaks();
          expect(stage.living).toEqual([]);
          stage.broker.returns();
        }
        // One per client, so that nobody drives who has been replaced.
        const owners = stage.living.map(({ connection }) => connection.remote.split('/')[0]);
        expect(new Set(owners).size).toBe(owners.length);
      }
      const remotes = stage.opened.map(({ connection }) => connection.remote);
      expect(new Set(remotes).size).toBe(remotes.length);
      for (const { connection, received } of stage.opened) {
        const [client = '', session = ''] = connection.remote.replace('MQTT client ', '').split('/');
        expect(received).toEqual(received.map((_, at) => frameOf(client, session, at + 1)));
      }
      expect(await stage.count()).toBe(stage.living.length);
    }),
    { numRuns: 500 },
  );
});
