import { anyOf, type DeviceInput, defineProtocol, LinkError, type ProtocolContext } from 'pulsegate/plugin';
import { RemoteLink } from './link.js';
import { encodeOrder, ORDERS, slotOf } from './order.js';

/** Devices of other servers: what they can do is what those have announced. */
export const remoteProtocol = defineProtocol({
  id: 'remote',
  brand: 'Remote',
  links: [anyOf('remote')],
  models: [],
  identify: async ({ link }) => link.name,
  modelOf: (context) => linkOf(context).model,
  open(context) {
    const link = linkOf(context);
    const about = ({ feature, type }: DeviceInput) => ({ featureIndex: feature.index, type });
    return {
      output({ feature, type, value, duration }) {
        const order = { featureIndex: feature.index, type, value, duration };
        return [{ slot: slotOf(order), endpoint: ORDERS, data: encodeOrder(order), withResponse: true }];
      },
      read: (input) => link.readInput(about(input)),
      subscribe: (input, report) => link.subscribeInput(about(input), report),
      unsubscribe: (input) => link.unsubscribeInput(about(input)),
    };
  },
});

function linkOf({ link }: Pick<ProtocolContext, 'link'>): RemoteLink {
  if (link instanceof RemoteLink) return link;
  throw new LinkError(`${link.name} is not the device of another server`);
}
