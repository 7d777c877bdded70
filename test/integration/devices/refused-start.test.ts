import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { bootShaky, levelledOutputs, modelsOfEveryKind } from '../../support/shaky-toys.js';

/** The model of each protocol that has most outputs. */
const table = protocols.flatMap((definition) => {
  const [model] = modelsOfEveryKind(definition);
  return definition.status === 'recognised' || !model ? [] : [[definition.id, definition, model] as const];
});

describe.each(table)('%s', (_id, definition, model) => {
  it('leaves nothing on when a packet of its start is refused', async () => {
    const { gateway, show } = await bootShaky(definition, []);
    await using _ = gateway;
    let packets = 0;
    const undisturbed = await show(model, (toy) => {
      toy.onTaken = () => {
        packets += 1;
      };
    });
    expect(undisturbed.connected).toBe(true);
    // Where the last packet is repeated for ever, the first is the start and the second a stop.
    const most = definition.keepalive?.kind === 'repeat-last' ? 2 : packets;
    for (let place = 0; place < Math.min(packets, most); place += 1) {
      let isRefused = false;
      const toy = await show(model, (fresh) => {
        fresh.refuses = (at) => {
          isRefused ||= at === place;
          return at === place;
        };
      });
      expect(isRefused).toBe(true);
      const on = levelledOutputs(model).filter(({ index, type }) => toy.level(index, type) !== 0);
      expect(on, `packet ${place}`).toEqual([]);
    }
  });
});
