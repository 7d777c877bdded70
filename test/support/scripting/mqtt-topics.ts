/** Whether a topic fits a filter, as MQTT 3.1.1 (4.7) has it: one expression for the whole text. */
export function fits(filter: string, topic: string): boolean {
  // Wildcards at the front do not reach the broker's own topics.
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  const body = filter
    .split('/')
    .map((level) => (level === '+' ? '[^/]*' : level === '#' ? '#' : RegExp.escape(level)))
    .join('/')
    // It stands for the level above it, too: "a/#" fits "a".
    .replace(/(^|\/)#$/, (_, slash: string) => (slash ? '(/.*)?' : '.*'));
  return new RegExp(`^${body}$`, 's').test(topic);
}
