import type { ConfigFile } from './file.js';
import type { Path, Place } from './issues.js';
import { type Override, placeIn } from './overrides.js';
import { isSection } from './shape.js';

/** Everything people have set, and who set what: flags before environment before file. */
export class Layers {
  /** Absent keys have not been set anywhere. */
  readonly merged: unknown;

  /** @param overrides the strongest last */
  constructor(
    private readonly file: ConfigFile | undefined,
    private readonly overrides: readonly Override[],
  ) {
    this.merged = overrides.reduce<unknown>(
      (merged, { path, value }) => withValue(merged, path, value),
      file?.value ?? {},
    );
  }

  /** Where the value that counts was written; for a missing key, where it belongs. */
  place(path: Path): Place {
    const override = this.overrides.findLast((one) => one.path.every((part, index) => path[index] === part));
    if (override) return placeIn(override, path);
    return this.file?.place(path) ?? { source: 'pulsegate.yml' };
  }
}

/** A copy with one value set; aliases make parts of the original stand in several places. */
function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const section = isSection(target) ? target : {};
  const inner = Object.hasOwn(section, key) ? section[key] : undefined;
  return { ...section, [key]: withValue(inner, rest, value) };
}
