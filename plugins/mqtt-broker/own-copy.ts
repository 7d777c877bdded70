/**
 * The same bytes in memory of their own. What comes off a socket is a window on all that was read with it, and what
 * `Buffer.from` makes shares a block with strangers: a few bytes that are kept would keep 64 KB.
 */
export function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
