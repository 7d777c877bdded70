import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestFolder } from '../gateway-process.js';

/** Ways in which code keeps a thread from ever doing anything else, as expressions. */
export const BLOCKS = {
  'an endless loop': 'for (const seen = [];;) seen[0] = seen.length',
  'an endless loop after a wait': 'Promise.resolve().then(() => { for (const seen = [];;) seen[0] = seen.length; })',
  'an endless loop that catches everything':
    'for (const seen = [];;) { try { for (;;) seen[0] = seen.length; } catch {} finally { seen[1] = 0; } }',
  'a pattern that goes through every combination': '/^(a+)+$/.test("a".repeat(60) + "b")',
  'a lock that nobody opens': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
} as const;

/** Nothing in the same process can interrupt that. */
export const SYSTEM_CALL = 'childProcess.execSync("sleep 60", { stdio: "ignore" })';

/** A third-party plugin that blocks the gateway's thread when told to. */
export class Blocker {
  static readonly #NAME = 'blocker';

  private constructor(
    private readonly folder: TestFolder,
    /** Its section in `plugins`. */
    readonly sections: Readonly<Record<string, object>>,
  ) {}

  static async install(folder: TestFolder, block: string): Promise<Blocker> {
    const sign = JSON.stringify(join(folder.path, 'block'));
    const from = await folder.plugin(
      Blocker.#NAME,
      `let times = 0;
       return {
         async start() {
           const { existsSync, readFileSync, rmSync } = await import('node:fs');
           const childProcess = await import('node:child_process');
           context.clock.every(5, () => {
             if (times === 0 && existsSync(${sign})) {
               times = Number(readFileSync(${sign}, 'utf8'));
               rmSync(${sign});
             }
             if (times === 0) return;
             times -= 1;
             ${block};
           });
         },
         stop() {},
       };`,
    );
    return new Blocker(folder, { [Blocker.#NAME]: { from } });
  }

  async block(times = 1): Promise<void> {
    // Whole, or not there yet.
    await rename(await this.folder.write('block.new', String(times)), join(this.folder.path, 'block'));
  }
}
