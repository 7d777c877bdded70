import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A gateway's data folder that outlives the gateway, so that a test can start another one on it. */
export class DataFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async create(): Promise<DataFolder> {
    return new DataFolder(await mkdtemp(join(tmpdir(), 'pulsegate-data-')));
  }

  /** A folder whose device settings file has these entries. */
  static async withSettings(...devices: readonly object[]): Promise<DataFolder> {
    const folder = await DataFolder.create();
    // JSON is YAML.
    await writeFile(folder.settings, JSON.stringify({ devices }));
    return folder;
  }

  get settings(): string {
    return join(this.path, 'devices.yml');
  }

  get state(): string {
    return join(this.path, 'known-devices.yml');
  }

  /** The part of the configuration that makes a gateway live here; it names the settings file once there is one. */
  get config(): { readonly devices: { readonly settings?: string; readonly state: string } } {
    const { settings, state } = this;
    return { devices: existsSync(settings) ? { settings, state } : { state } };
  }

  read(path: string): Promise<string> {
    return readFile(path, 'utf8');
  }

  write(path: string, text: string): Promise<void> {
    return writeFile(path, text);
  }

  files(): Promise<string[]> {
    return readdir(this.path);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
