import { LineCounter, parseDocument, type Tags, type YAMLMap, type YAMLSeq } from 'yaml';

/** Every tag of the case format. */
const TAGS = [
  'Messages',
  'Commands',
  'Events',
  'VersionGated',
  'Scalar',
  'Vibrate',
  'Rotate',
  'Linear',
  'Battery',
  'Stop',
  'Write',
  'Subscribe',
  'Unsubscribe',
  'Notifications',
  'Reads',
  'Disconnect',
];

/** A tagged map or list on its way to plain values. */
class TaggedCollection {
  constructor(
    private readonly tag: string,
    private readonly line: number,
    private readonly node: YAMLMap | YAMLSeq,
  ) {}

  toJSON(...context: Parameters<YAMLSeq['toJSON']>) {
    return { tag: this.tag, line: this.line, value: this.node.toJSON(...context) };
  }
}

/**
 * Parses YAML with the case format's tags: a value tagged `!Write` becomes `{ tag: 'Write', line, value }`, an empty one
 * `{ tag: 'Stop' }`. Throws what `fail` makes of the first problem.
 */
export function readTaggedYaml(text: string, fail: (line: number, problem: string) => Error): unknown {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number | undefined) => lineCounter.linePos(offset ?? 0).line;
  const customTags: Tags = TAGS.flatMap((tag) => {
    const collection = (node: YAMLMap | YAMLSeq) => new TaggedCollection(tag, lineAt(node.range?.[0]), node);
    return [
      { tag: `!${tag}`, collection: 'map' as const, resolve: collection },
      { tag: `!${tag}`, collection: 'seq' as const, resolve: collection },
      { tag: `!${tag}`, resolve: () => ({ tag }) },
    ];
  });
  const document = parseDocument(text, { customTags, lineCounter, prettyErrors: false });
  // An unknown tag is only worth a warning to YAML; here it means a step that nobody would run.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw fail(lineAt(problem.pos[0]), problem.message);
  return document.toJSON();
}
