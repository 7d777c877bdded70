/** What a script imports as `pulsegate:funscript`: scripts of strokes in the community's format, and a player for them. */

import { readOwnFile } from './files.js';
import type { Playable } from './funscript-drive.js';
import { type Funscript, parse } from './funscript-format.js';
import type { PlayOptions } from './funscript-options.js';
import { FunscriptPlayer, type Player } from './funscript-player.js';
import { after, now } from './time.js';

export type { Playable } from './funscript-drive.js';
export { type Funscript, type FunscriptAction, parse } from './funscript-format.js';
export type { Abortable, PlayOptions } from './funscript-options.js';
export type { Player, PlayOutcome } from './funscript-player.js';

/** Reads a .funscript file in the script's own folder. */
export async function load(path: string): Promise<Funscript> {
  return parse(await readOwnFile(path));
}

/**
 * Plays a funscript on a device, at once. A device with timed moves gets one per action, one with positions gets a position
 * `rate` times a second, and one that oscillates or else vibrates gets a level that follows the speed of the strokes.
 */
export function play(device: Playable, funscript: Funscript, options: PlayOptions = {}): Player {
  return new FunscriptPlayer(device, funscript, options, { now, after });
}
