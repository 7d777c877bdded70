import { finite, shown } from './checks.js';
import { blend } from './pattern-core.js';

/** A place of 0…1 that a stroke has reached at a time, whole ms from the beginning. */
export interface FunscriptAction {
  readonly at: number;
  readonly position: number;
}

/** A script of strokes in the community's format. */
export interface Funscript {
  /** At least one; ascending in time, no two at the same time. */
  readonly actions: readonly FunscriptAction[];
  /** Time of the last action, ms. */
  readonly duration: number;
  /** Position at a time in ms, 0…1: evenly from action to action, still before the first and after the last. */
  positionAt(ms: number): number;
  /** How fast the position changes at a time in ms, per second: 2 is a full stroke in half a second. Never below 0. */
  speedAt(ms: number): number;
}

const MOST_ACTIONS = 200_000;
/** A day. Even ten times slower, such a time fits into what timers and timed moves can count. */
const LATEST_MS = 86_400_000;

/**
 * Reads the text of a .funscript file. Positions beyond 0…100 are limited to that, `inverted` and `range` (percent of the
 * stroke) are applied, times are rounded to whole ms, and of actions at the same time the last one counts. Throws an Error
 * that says what was found where.
 */
export function parse(text: string): Funscript {
  const script = readJson(text);
  if (!isObject(script)) throw problem('The funscript', script, 'an object with a list of actions');
  const { actions, inverted = false, range = 100 } = script;
  if (typeof inverted !== 'boolean') throw problem('inverted', inverted, 'true or false');
  if (typeof range !== 'number' || !(range >= 0 && range <= 100))
    throw problem('range', range, 'a number from 0 to 100');
  if (!isList(actions)) throw problem('actions', actions, 'a list');
  if (actions.length === 0) throw new Error('actions is empty: there is nothing to play');
  if (actions.length > MOST_ACTIONS) {
    throw new Error(`actions has ${actions.length} entries; ${MOST_ACTIONS} are the most that are read`);
  }
  // Programs that do not use the field write 0, and a stroke of no length is nothing to play.
  const stroke = range === 0 ? 1 : range / 100;
  const place = (share: number) => (inverted ? 1 - share : share) * stroke;
  return new Strokes(inOrder(actions.map((action, index) => readAction(action, index, place))));
}

/** Where in `actions` the first one after a time is; their number if there is none. */
export function indexAfter(actions: readonly FunscriptAction[], ms: number): number {
  let low = 0;
  let high = actions.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const action = actions[middle];
    if (action && action.at <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Strokes implements Funscript {
  readonly actions: readonly FunscriptAction[];
  readonly duration: number;

  constructor(actions: readonly FunscriptAction[]) {
    this.actions = actions;
    this.duration = actions.at(-1)?.at ?? 0;
  }

  positionAt(ms: number): number {
    const [before, after] = this.#around(ms);
    if (!before) return after?.position ?? 0;
    if (!after) return before.position;
    return blend(before.position, after.position, (ms - before.at) / (after.at - before.at));
  }

  speedAt(ms: number): number {
    const [before, after] = this.#around(ms);
    if (!before || !after) return 0;
    return (Math.abs(after.position - before.position) / (after.at - before.at)) * 1000;
  }

  #around(ms: number): [before: FunscriptAction | undefined, after: FunscriptAction | undefined] {
    const next = indexAfter(this.actions, finite('ms', ms));
    return [this.actions[next - 1], this.actions[next]];
  }
}

function readJson(text: string): unknown {
  if (typeof text !== 'string') throw new TypeError(`parse takes the text of a funscript, not ${shown(text)}`);
  try {
    // Files written on Windows may begin with a byte order mark.
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    throw new Error(`The funscript is not JSON: ${error instanceof Error ? error.message : shown(error)}`);
  }
}

function readAction(action: unknown, index: number, place: (share: number) => number): FunscriptAction {
  if (!isObject(action)) throw problem(`actions[${index}]`, action, 'an object with at and pos');
  const { at, pos } = action;
  if (typeof at !== 'number' || !(at >= 0 && at <= LATEST_MS)) {
    throw problem(`actions[${index}].at`, at, `a time from 0 to ${LATEST_MS} ms`);
  }
  if (typeof pos !== 'number' || !Number.isFinite(pos)) {
    throw problem(`actions[${index}].pos`, pos, 'a number from 0 to 100');
  }
  return { at: Math.round(at), position: place(Math.min(Math.max(pos, 0), 100) / 100) };
}

/** Sorts in place: a sandbox has little memory, and a long funscript takes a good part of it. */
function inOrder(actions: FunscriptAction[]): readonly FunscriptAction[] {
  // Sorting keeps the order of what is at the same time, so the last one is the one to stay.
  actions.sort((left, right) => left.at - right.at);
  return actions.filter((action, index) => action.at !== actions[index + 1]?.at);
}

function problem(name: string, found: unknown, expected: string): Error {
  return new Error(found === undefined ? `${name} is missing` : `${name} is ${shown(found)}; expected is ${expected}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
