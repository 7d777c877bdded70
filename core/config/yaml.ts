import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Path } from './issues.js';
import { syntaxSentence } from './yaml-errors.js';

interface Position {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** Something that is not YAML, or not YAML that a configuration may use. */
export interface YamlProblem {
  readonly at: Position;
  /** Empty when it is not about a key. */
  readonly path: Path;
  readonly problem: string;
}

/** A value and the place where each part of it was written. */
export interface YamlNode {
  readonly value: unknown;
  readonly at: Position;
  /** Where the key stands, for a value in a section. */
  readonly keyAt?: Position;
  readonly parts: ReadonlyMap<string | number, YamlNode>;
  /** Number of values in it, itself included; what an alias stands for counts again. */
  readonly size: number;
}

/** Far more than any configuration has, and few enough that aliases of aliases cannot fill the memory. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 64;
const MAX_SYNTAX_PROBLEMS = 10;

/** Reads a YAML 1.2 document (core schema). `root` is missing when the text cannot be trusted to mean anything. */
export function readYaml(text: string): { root?: YamlNode; problems: readonly YamlProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    stringKeys: true,
    resolveKnownTags: false,
    // The library compares each key with every other; `Reader` finds repeated keys in one pass.
    uniqueKeys: false,
  });
  const reader = new Reader(lines);
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    at: reader.position(error.pos[0]),
    path: [],
    problem: syntaxSentence(error),
  }));
  if (syntax.length > 0) return { problems: firstOfEachLine(syntax).slice(0, MAX_SYNTAX_PROBLEMS) };
  const root = reader.read(document);
  return reader.failed ? { problems: reader.problems } : { root, problems: reader.problems };
}

/** One slip of the pen makes a parser stumble several times. */
function firstOfEachLine(problems: readonly YamlProblem[]): YamlProblem[] {
  const first = new Map<number, YamlProblem>();
  for (const problem of problems) if (!first.has(problem.at.line)) first.set(problem.at.line, problem);
  return [...first.values()].sort((a, b) => a.at.line - b.at.line);
}

class Reader {
  readonly problems: YamlProblem[] = [];
  failed = false;
  readonly #anchors = new Map<string, YamlNode>();
  #values = 0;

  constructor(private readonly lines: LineCounter) {}

  read(document: Document): YamlNode {
    return this.#node(document.contents, [], 0);
  }

  position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #node(node: unknown, path: Path, offset: number): YamlNode {
    const before = this.#values++;
    if (path.length > MAX_DEPTH) return this.#fail(path, offset, `nested more than ${MAX_DEPTH} levels deep`);
    if (isAlias(node)) return this.#alias(node.source, path, node.range?.[0] ?? offset);
    const start = isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? offset) : offset;
    let value: unknown = null;
    let parts = new Map<string | number, YamlNode>();
    if (isMap(node)) {
      parts = this.#map(node.items, path, start);
      value = Object.fromEntries([...parts].map(([key, part]) => [key, part.value]));
    } else if (isSeq(node)) {
      parts = new Map(node.items.map((item, index) => [index, this.#node(item, [...path, index], start)]));
      value = [...parts.values()].map((part) => part.value);
    } else if (isScalar(node)) value = node.value;
    const read = { value, at: this.position(start), parts, size: this.#values - before };
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) this.#anchors.set(node.anchor, read);
    return read;
  }

  #map(pairs: readonly { key: unknown; value: unknown }[], path: Path, offset: number): Map<string, YamlNode> {
    const parts = new Map<string, YamlNode>();
    for (const pair of pairs) {
      const keyNode = this.#node(pair.key, path, offset);
      const key = String(keyNode.value);
      const value = this.#node(pair.value, [...path, key], keyOffset(pair.key) ?? offset);
      const first = parts.get(key)?.keyAt;
      const problem = first
        ? `written twice, first in line ${first.line}`
        : key === '__proto__'
          ? 'unknown key'
          : undefined;
      // Assigning to this one name would change every object in the process.
      if (problem !== undefined) this.problems.push({ at: keyNode.at, path: [...path, key], problem });
      else parts.set(key, { ...value, keyAt: keyNode.at });
    }
    return parts;
  }

  #alias(name: string, path: Path, offset: number): YamlNode {
    const target = this.#anchors.get(name);
    // Also what an anchor finds that refers to itself: it is not complete yet.
    if (!target) return this.#fail(path, offset, `*${name} refers to a value that is not written above it`);
    this.#values += target.size;
    if (this.#values > MAX_VALUES) return this.#fail(path, offset, `more than ${MAX_VALUES} values, aliases counted`);
    return { ...target, size: target.size };
  }

  #fail(path: Path, offset: number, problem: string): YamlNode {
    const at = this.position(offset);
    if (!this.failed) this.problems.push({ at, path, problem });
    this.failed = true;
    return { value: null, at, parts: new Map(), size: 1 };
  }
}

const keyOffset = (key: unknown) => (isScalar(key) ? key.range?.[0] : undefined);
