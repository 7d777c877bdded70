import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from './example-plugin/index.js';

const SOURCE = fileURLToPath(new URL('./example-plugin/', import.meta.url));

/** What the example plugin wrote down. */
export class PacketRecording {
  readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'packets.jsonl');
  }

  /** Puts the plugin into the folder, as somebody who was given it would. Returns its section of the configuration. */
  async install(options: object = {}): Promise<Record<'packet-recorder', object>> {
    await cp(SOURCE, join(this.folder, 'packet-recorder'), { recursive: true });
    return { 'packet-recorder': { from: './packet-recorder', file: this.file, ...options } };
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RecordedEvent);
  }
}
