import {
  type FeatureDefinition,
  type InputType,
  isPositionType,
  LinkError,
  OUTPUT_TYPES,
  type OutputType,
  type Range,
  Type,
} from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** What a server may announce, and what is made of it where it announces too much or the impossible. */

const MAX_U32 = 4_294_967_295;
export const U32 = Type.Integer({ minimum: 0, maximum: MAX_U32 });
export const I32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });

/** Longer texts are cut: they end up in logs, lists and on buttons. */
const MAX_TEXT = 80;
const MAX_FEATURES = 64;

const INPUT_TYPES: readonly InputType[] = ['Battery', 'RSSI', 'Pressure', 'Button', 'Depth', 'Position'];

export const outputTypeNamed = (name: string): OutputType | undefined => OUTPUT_TYPES.find((type) => type === name);
/** The reference writes `Rssi`. */
export const inputTypeNamed = (name: string): InputType | undefined =>
  name === 'Rssi' ? 'RSSI' : INPUT_TYPES.find((type) => type === name);

export function printable(text: string): string {
  return [...text.replace(/\p{C}/gu, '')].slice(0, MAX_TEXT).join('').trim();
}

/** A range in which 0 is off: `0…n`, or `-n…n`. Undefined for what nobody would know how to stop, or that has no steps. */
export function usableRange(type: OutputType, low: number, high: number): Range | undefined {
  if (high < 1 || (low !== 0 && low !== -high)) return undefined;
  return low !== 0 && isPositionType(type) ? undefined : [low, high];
}

const ServerInfo = Compile(Type.Object({ MaxPingTime: U32, ServerName: Type.String() }));

export function readGreeting(body: unknown): { server: string; maxPingTimeMs: number } {
  if (!ServerInfo.Check(body)) throw new LinkError('ServerInfo does not have the form it must have');
  return { server: printable(body.ServerName), maxPingTimeMs: body.MaxPingTime };
}

/** Ascending, and no more than anything real has. */
export const inOrder = (features: readonly FeatureDefinition[]): readonly FeatureDefinition[] =>
  [...features].sort((left, right) => left.index - right.index).slice(0, MAX_FEATURES);
