import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { configCommand } from '../../../core/cli/config.js';
import { configJsonSchema } from '../../../core/config/json-schema.js';
import { builtins, folder } from './support.js';

async function run(args: readonly string[], files: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}) {
  const answer = { stdout: '', stderr: '', exitCode: 0 };
  const program = new Command().exitOverride();
  configCommand(program, {
    builtins,
    pluginSchema: async (name) => (name === 'broken' ? Promise.reject(new TypeError('a bug of ours')) : undefined),
    env,
    cwd: await folder(files),
    stdout: (text) => {
      answer.stdout += text;
    },
    stderr: (text) => {
      answer.stderr += text;
    },
    setExitCode: (code) => {
      answer.exitCode = code;
    },
  });
  await program.parseAsync(['config', ...args], { from: 'user' });
  return answer;
}

describe('pulsegate config check', () => {
  it('says that a file is fine', async () => {
    expect(await run(['check', 'my.yml'], { 'my.yml': 'http: { port: 1 }' })).toEqual({
      stdout: 'my.yml: ok\n',
      stderr: '',
      exitCode: 0,
    });
  });

  it('says what is odd about a file that is fine', async () => {
    const answer = await run(['check', 'my.yml'], { 'my.yml': 'plugins:\n  zzz: { enabled: false }\n' });
    expect(answer).toMatchObject({ stderr: '', exitCode: 0 });
    expect(answer.stdout).toBe(
      'my.yml: ok\nwarning: my.yml:2: plugins.zzz: unknown plugin, ignored because it is not enabled, ' +
        'a third-party plugin needs "from": the name of its package, or its folder\n',
    );
  });

  it('has a line for every mistake, and exit code 2', async () => {
    expect(await run(['check', 'my.yml'], { 'my.yml': 'http:\n  port: abc\nhtpp: 1\n' })).toEqual({
      stdout: '',
      stderr:
        'my.yml:2: http.port: found "abc", expected a whole number from 0 to 65535\n' +
        'my.yml:3: htpp: unknown key, did you mean "http"?\n',
      exitCode: 2,
    });
  });

  it('checks the file that would be used, and the environment with it', async () => {
    const files = { 'pulsegate.yml': '', 'other.yml': 'http: 1' };
    expect(await run(['check'], files)).toMatchObject({ stdout: 'pulsegate.yml: ok\n', exitCode: 0 });
    expect(await run(['check'], files, { PULSEGATE_CONFIG: 'other.yml' })).toMatchObject({ exitCode: 2 });
    expect(await run(['check'], files, { PULSEGATE_HTTP_PORT: 'x' })).toMatchObject({ exitCode: 2 });
    expect(await run(['check'])).toMatchObject({ stdout: 'no file, so the defaults: ok\n', exitCode: 0 });
  });

  it('says when the file is not there', async () => {
    expect(await run(['check', 'no.yml'])).toEqual({
      stdout: '',
      stderr: 'no.yml: there is no such file\n',
      exitCode: 2,
    });
  });
});

describe('pulsegate config schema', () => {
  it('prints the JSON Schema', async () => {
    const { stdout, stderr, exitCode } = await run(['schema']);
    expect(JSON.parse(stdout)).toEqual(configJsonSchema(builtins));
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});
