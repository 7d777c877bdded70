import { expect } from 'vitest';
import type { ScriptStatus } from '../../../core/scripting/script.js';
import { type Booted, type BootOptions, boot } from '../boot.js';
import { InProcessHosts } from './in-process-host.js';
import { writeScript } from './write-script.js';

export interface ScriptBootOptions extends BootOptions {
  /** The folder of the scripts: text by path, `edge-timer.js` or `scene/index.ts`. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Further keys of the section `scripts`. */
  readonly section?: Readonly<Record<string, unknown>>;
  readonly safeStart?: boolean;
}

/** What a turn takes on a machine that is busy with other tests says nothing about the script. */
const PATIENT = { cpuMs: 10_000, wallMs: 30_000 };

/** A gateway with a clock of its own whose scripts live by that clock too; see `boot`. */
export async function bootScripts({
  scripts = {},
  section = {},
  ...options
}: ScriptBootOptions = {}): Promise<ScriptedGateway> {
  const booted = await boot({
    ...options,
    config: { ...options.config, scripts: { examples: false, ...PATIENT, ...section } },
    prepare: async (folder) => {
      for (const [path, text] of Object.entries(scripts)) await writeScript(folder, path, text);
    },
    launchScriptHost: (clock) => {
      const hosts = new InProcessHosts(clock);
      return { launch: hosts.launch, quiet: (isQuiet) => hosts.quiet(isQuiet) };
    },
  });
  return new ScriptedGateway(booted);
}

export class ScriptedGateway implements AsyncDisposable {
  constructor(readonly booted: Booted) {}

  get clock() {
    return this.booted.clock;
  }

  /** Lets so many ms pass, with everything that scripts do in them. */
  advance(ms: number): Promise<void> {
    return this.booted.clock.advance(ms);
  }

  status(name: string): ScriptStatus {
    return this.booted.gateway.scripts.get(name).status;
  }

  write(path: string, text: string): Promise<void> {
    return writeScript(this.booted.folder, path, text);
  }

  /** What the script wrote to its console so far, level and text. */
  console(name: string): readonly string[] {
    const levels = new Map([
      [20, 'debug'],
      [30, 'info'],
      [40, 'warn'],
      [50, 'error'],
    ]);
    return this.booted.log.flatMap((line) => {
      const { level, script, msg }: { level: number; script?: string; msg: string } = JSON.parse(line);
      return script === name ? [`${levels.get(level)}: ${msg}`] : [];
    });
  }

  /** Waits for something that real files or sockets have a part in; time on the clock passes meanwhile. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    await expect
      .poll(
        async () => {
          await this.advance(10);
          return condition();
        },
        { interval: 5, timeout: 10_000 },
      )
      .toBe(true);
  }

  /** Levels of a simulated toy, by feature: `Vibrate 10`. */
  async outputs(id: string): Promise<readonly string[]> {
    const { outputs } = await this.booted.toy(id);
    return outputs.map(({ type, level }) => `${type} ${level}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.booted[Symbol.asyncDispose]();
  }
}
