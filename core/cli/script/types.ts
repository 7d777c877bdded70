import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { ScriptFile } from '../../scripting/files/folder.js';
import type { Source } from '../../scripting/wire.js';
import { packageFolder } from '../../version.js';
import type { Finding } from './places.js';

export interface TypeCheck {
  readonly findings: readonly Finding[];
  /** Why nothing was checked. */
  readonly skipped?: string;
}

/** What scripts see. */
const API = join(packageFolder, 'pulsegate-script.d.ts');
/** Longest time it may take, ms. */
const LIMIT_MS = 30_000;
/** The first one with options like "bundler". */
const LEAST_MAJOR = 5;

const manifest = Compile(
  Type.Object({
    version: Type.String(),
    bin: Type.Object({ tsc: Type.String() }),
  }),
);

/**
 * Checks a script against the API, with TypeScript, if that is installed somewhere: it is much larger than the gateway, and only
 * those who write scripts need it.
 */
export async function checkTypes(file: ScriptFile, modules: readonly Source[], cwd: string): Promise<TypeCheck> {
  const compiler = await findCompiler(file, cwd);
  if (compiler === undefined) return skipped('npm install typescript');
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-check-'));
  try {
    const project = join(folder, 'tsconfig.json');
    // Paths come back as seen from there.
    const own = await realpath(file.folder);
    const files = [API, join(own, basename(file.entry))];
    await writeFile(project, JSON.stringify({ compilerOptions: optionsFor(file), files }));
    const { findings, ...rest } = await compile(compiler, project, own);
    // What else there is to say is about a copy of the API beside the script.
    return {
      ...rest,
      findings: findings.filter(({ place }) => modules.some(({ path }) => place.startsWith(`${path}:`))),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The compiler that comes with this package, else one that people use here. Never one in the script's own folder, unless that is
 * where the user works: what lies there is the script's, and nothing of a script runs here.
 */
async function findCompiler({ folder }: ScriptFile, cwd: string): Promise<string | undefined> {
  for (const place of [packageFolder, cwd, dirname(folder)]) {
    const path = packageSeenFrom(place);
    const found: unknown = path === undefined ? undefined : JSON.parse(await readFile(path, 'utf8'));
    if (path === undefined || !manifest.Check(found)) continue;
    if (Number.parseInt(found.version, 10) >= LEAST_MAJOR) return join(dirname(path), found.bin.tsc);
  }
  return undefined;
}

function packageSeenFrom(folder: string): string | undefined {
  try {
    return findPackageJSON('typescript', pathToFileURL(join(folder, 'script.js')));
  } catch {
    return undefined;
  }
}

/** People write JavaScript to be free of types, and TypeScript to have them. */
function optionsFor({ entry }: ScriptFile): object {
  return {
    strict: /\.m?ts$/.test(entry),
    allowJs: true,
    checkJs: true,
    noEmit: true,
    pretty: false,
    // What is in a sandbox, and not what Node.js or a browser has.
    lib: ['esnext'],
    types: [],
    target: 'esnext',
    // Every script is a module, whatever the nearest package.json says of its folder.
    module: 'esnext',
    moduleDetection: 'force',
    moduleResolution: 'bundler',
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  };
}

function compile(compiler: string, project: string, cwd: string): Promise<TypeCheck> {
  const options = { cwd, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '--project', project], options, (error, stdout) => {
      const findings = [...findingsIn(stdout)];
      if (!error || findings.length > 0) resolve({ findings });
      else if (error.killed) resolve(skipped(`TypeScript takes longer than ${LIMIT_MS / 1000} s`));
      else resolve(skipped(`TypeScript fails: ${stdout.trim() || error.message}`));
    });
  });
}

const skipped = (reason: string): TypeCheck => ({ findings: [], skipped: reason });

/** `lib.js(12,5): error TS2551: …`, and further lines that begin with blanks. */
function* findingsIn(output: string): Generator<Finding> {
  const lines = output.matchAll(/^(.+)\((\d+),(\d+)\): error TS\d+: (.*(?:\r?\n +.*)*)/gm);
  for (const [, path, line, column, text = ''] of lines) {
    const sentence = text
      .replaceAll(/\s*\n\s*/g, ' ')
      // What follows says why.
      .replace(/^No overload matches this call\. The last overload gave the following error\. /, '')
      // Neither Node.js nor a browser is what is missing.
      .replace(/ Do you need to (install type definitions|change your target library).*$/, '');
    yield { place: `${path}:${line}:${column}`, sentence };
  }
}
