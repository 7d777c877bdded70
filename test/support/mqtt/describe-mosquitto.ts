import { describe, expect, it } from 'vitest';
import { hasMosquitto } from './mosquitto.js';

/** Tests that need Mosquitto (Debian: `apt install mosquitto`). Without it they are skipped and say so; in CI they fail. */
export function describeMosquitto(name: string, tests: () => void): void {
  if (hasMosquitto) describe(name, tests);
  else if (process.env.CI) {
    describe(name, () => {
      it('needs Mosquitto, which is not installed', () => expect(hasMosquitto).toBe(true));
    });
  } else describe.skip(`${name} (skipped: mosquitto is not installed)`, tests);
}
