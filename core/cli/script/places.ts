import { posix } from 'node:path';
import type { ScriptFile } from '../../scripting/files/folder.js';
import type { Source } from '../../scripting/wire.js';

/** Something to say about a script, and where: `lib.js:12:5`, seen from the script's own folder. */
export interface Finding {
  readonly place: string;
  readonly sentence: string;
}

/** `scripts/lib.js:12:5: sentence`, with the place as it is seen from where the command was given. */
export const findingLine = ({ label }: ScriptFile, { place, sentence }: Finding): string =>
  `${posix.join(posix.dirname(label), place)}: ${sentence}`;

/** `lib.js:12:5` */
export function placeAt({ path, text }: Source, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `${path}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

/** Where one of these modules imports this; the engine does not say. Undefined when it is written in an odd way. */
export function importPlace(importers: readonly (Source | undefined)[], specifier: string): string | undefined {
  const written = new RegExp(String.raw`\b(?:from|import)\s*(?=(["'])${RegExp.escape(specifier)}\1)`);
  for (const importer of importers) {
    const found = importer && written.exec(importer.text);
    if (found) return placeAt(importer, found.index + found[0].length);
  }
  return undefined;
}
