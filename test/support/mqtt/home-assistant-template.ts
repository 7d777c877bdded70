/**
 * As much of Home Assistant's templates (Jinja) as the gateway uses, so that tests see what comes out of them. Whatever is not
 * known here is an error: a template that needs more needs a look at Home Assistant first.
 */

type Json = Readonly<Record<string, unknown>>;

/** What the entity of an output publishes when somebody sets it. */
export function renderCommand(template: string, value: number): string {
  return template.replace(/\{\{ (.+?) \}\}/g, (_, expression: string) => {
    const divisor = /^value \/ (\d+)$/.exec(expression)?.[1];
    if (divisor === undefined) throw new Error(`Unknown: ${expression}`);
    return String(value / Number(divisor));
  });
}

/** What an entity makes of a payload; empty: Home Assistant leaves the entity as it was. */
export function renderState(template: string, payload: string): string {
  const form = /^\{% if value_json is defined and value_json\.(\w+) is number %\}(.+)\{% endif %\}$/.exec(template);
  const [, name, body] = form ?? [];
  if (name === undefined || body === undefined) throw new Error(`Unknown: ${template}`);
  const number = parse(payload)[name];
  if (typeof number !== 'number') return '';
  return body.replace(/\{\{ (.+?) \}\}/g, (_, expression: string) => evaluate(expression, name, number));
}

/** What an availability topic means. */
export function renderAvailability(template: string, payload: string): string {
  const form = /^\{\{ 'online' if value == '(\w+)' else 'offline' \}\}$/.exec(template);
  if (!form) throw new Error(`Unknown: ${template}`);
  return payload === form[1] ? 'online' : 'offline';
}

function evaluate(expression: string, name: string, number: number): string {
  if (expression === `value_json.${name}`) return String(number);
  if (expression === `(value_json.${name} * 100) | round(2)`) return String(Math.round(number * 10_000) / 100);
  const choice = /^'(\w+)' if value_json\.(\w+) > 0 else '(\w+)'$/.exec(expression);
  const [, above, of, otherwise] = choice ?? [];
  if (above === undefined || otherwise === undefined || of !== name) throw new Error(`Unknown: ${expression}`);
  return number > 0 ? above : otherwise;
}

/** What is no object has no members. */
function parse(payload: string): Json {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
