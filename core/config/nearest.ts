/** Longer texts are not typing mistakes of a key, and the table below grows with the square of the length. */
const MAX_LENGTH = 80;

/** The candidate a person most likely meant, or nothing when none is close. Case does not count. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  // Two of five letters wrong is still a slip; more than that is another word.
  let closest = Math.max(1, Math.floor(text.length * 0.4)) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const edits = distance(text.toLowerCase(), candidate.toLowerCase());
    if (edits >= closest) continue;
    closest = edits;
    found = candidate;
  }
  return found;
}

/** Levenshtein's distance, where two swapped neighbours count as one slip. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = a[row - 1] === b[column - 1] ? 0 : 1;
      let edits = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + substitution);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        edits = Math.min(edits, at(beforeLast, column - 2) + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
