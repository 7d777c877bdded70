import { isPositionType, LinkError, OUTPUT_TYPES, type OutputType, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** What an output of a remote device is told, in the steps that the remote announced; ms for timed moves, else 0. */
export interface RemoteOrder {
  readonly featureIndex: number;
  readonly type: OutputType;
  readonly value: number;
  readonly duration: number;
}

/** The one channel of a remote device: orders, written as JSON. */
export const ORDERS = 'orders';

const I32 = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
const U32 = { minimum: 0, maximum: 4_294_967_295 };
const Order = Compile(
  Type.Object(
    {
      featureIndex: Type.Integer(U32),
      type: Type.Enum([...OUTPUT_TYPES]),
      value: Type.Integer(I32),
      duration: Type.Integer(U32),
    },
    { additionalProperties: false },
  ),
);

export const encodeOrder = (order: RemoteOrder): Uint8Array => Buffer.from(JSON.stringify(order));

/** Throws a LinkError: packets come from outside too, where Raw messages are allowed. */
export function decodeOrder(data: Uint8Array): RemoteOrder {
  let order: unknown;
  try {
    order = JSON.parse(Buffer.from(data).toString());
  } catch {
    throw new LinkError('A packet for a remote device is not JSON');
  }
  if (!Order.Check(order)) throw new LinkError('A packet for a remote device is not an order');
  return order;
}

/** Orders with the same slot replace each other. The two ways to move an axis are about one position. */
export const slotOf = ({ featureIndex, type }: Pick<RemoteOrder, 'featureIndex' | 'type'>): string =>
  `${featureIndex}/${isPositionType(type) ? 'position' : type}`;

export const isStop = ({ type, value }: RemoteOrder): boolean => value === 0 && !isPositionType(type);
