/** Messages as they come from elsewhere, looked at without believing anything about them. */

/** A field of the message of this name; undefined for any other message. */
export function fieldOf(message: unknown, name: string, field: string): unknown {
  const body = isObject(message) ? message[name] : undefined;
  return isObject(body) ? body[field] : undefined;
}

/** The Id of a message: in its body, or in itself, as `buttplug` 3.x has it before it is written. */
export function idOf(message: unknown): number | undefined {
  if (!isObject(message)) return undefined;
  const [body] = Object.values(message);
  const id = message.Id ?? (isObject(body) ? body.Id : undefined);
  return typeof id === 'number' ? id : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
