/** The oldest Node.js that has all this program uses; also `engines` of package.json. */
const OLDEST_MAJOR = 24;

/**
 * What to tell somebody whose Node.js is too old: it would end in a syntax error of some module otherwise.
 *
 * Imports nothing, for the old Node.js has to load this file.
 *
 * @param version of Node.js, such as `20.20.2`
 * @returns `undefined` when it is new enough
 */
export function refusalOfRuntime(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return undefined;
  return (
    `Pulsegate needs Node.js ${OLDEST_MAJOR} or newer, and this is ${version}. Install a newer one, ` +
    'or, in a copy of the source, run it with the one that npm ci brought: npm start, or npx node dist/core/cli.js'
  );
}
