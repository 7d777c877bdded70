import { idPart } from './names.js';

/** Ids in Home Assistant and on the broker: from what never changes, and from nothing that people call anything. */

/** What all object ids of a gateway begin with. A gateway's name has no underscore, so no other gateway's ids begin with it. */
const idPrefix = (gateway: string): string => `pulsegate_${gateway}_`;
export const gatewayObjectId = (gateway: string): string => `${idPrefix(gateway)}gateway`;
export const deviceObjectId = (gateway: string, device: string): string => `${idPrefix(gateway)}${idPart(device)}`;

export const configTopic = (discoveryPrefix: string, objectId: string): string =>
  `${discoveryPrefix}/device/${objectId}/config`;

/** What the topics of all configurations of a gateway begin with. */
export const configPrefix = (discoveryPrefix: string, gateway: string): string =>
  `${discoveryPrefix}/device/${idPrefix(gateway)}`;
