/** Topic filters as MQTT has them (MQTT 5, 4.7): `+` stands for one level, `#` at the end for the level above it and all below. */

export function isFilter(text: string): boolean {
  const levels = text.split('/');
  return (
    text !== '' &&
    !text.includes('\0') &&
    levels.every((level, place) => {
      if (level === '+') return true;
      if (level === '#') return place === levels.length - 1;
      return !/[+#]/.test(level);
    })
  );
}

/** Something to publish to: a filter without wildcards. */
export function isTopic(text: string): boolean {
  return isFilter(text) && !/[+#]/.test(text);
}

/** Whether everything that fits `wanted`, a filter itself, fits `granted` too. */
export function covers(granted: string, wanted: string): boolean {
  const [outer, inner] = [granted.split('/'), wanted.split('/')];
  // Wildcards at the front do not reach the broker's own topics.
  if (wanted.startsWith('$') && !granted.startsWith('$')) return false;
  for (const [place, level] of outer.entries()) {
    if (level === '#') return true;
    const other = inner[place];
    if (other === undefined || other === '#') return false;
    if (level !== '+' && level !== other) return false;
  }
  return outer.length === inner.length;
}
