import type { ScriptSettings } from '../../config/script-settings.js';
import type { Source } from '../../scripting/wire.js';
import { type Finding, placeAt } from './places.js';

/** What a script wants to be allowed, in plain words: `all devices; http: api.example.org; mqtt: subscribe home/#`. */
export function asksFor({ devices = 'all', http = [], mqtt = {} }: ScriptSettings): string {
  const { subscribe = [], publish = [] } = mqtt;
  const topics = [
    ...(subscribe.length > 0 ? [`subscribe ${subscribe.join(', ')}`] : []),
    ...(publish.length > 0 ? [`publish ${publish.join(', ')}`] : []),
  ];
  return [
    devicesIn(devices),
    ...(http.length > 0 ? [`http: ${http.join(', ')}`] : []),
    ...(topics.length > 0 ? [`mqtt: ${topics.join('; ')}`] : []),
  ].join('; ');
}

function devicesIn(devices: NonNullable<ScriptSettings['devices']>): string {
  if (devices === 'all') return 'all devices';
  if (devices === 'none' || devices.length === 0) return 'no devices';
  const each = devices.map(({ name, index, features }) => {
    const which = [name ?? (index === undefined ? 'all' : ''), ...(index === undefined ? [] : [`index ${index}`])];
    const parts = features ? ` (only ${features.join(', ') || 'nothing'})` : '';
    return which.filter(Boolean).join(', ') + parts;
  });
  return `devices: ${each.join(', ')}`;
}

/** What in the text of a script needs which key of its header. */
const USES: readonly (readonly [RegExp, string, (settings: ScriptSettings) => readonly string[] | undefined])[] = [
  [/(?<![\w$.])http\s*\.\s*fetch\s*\(/, 'http', ({ http }) => http],
  [/(?<![\w$.])mqtt\s*\.\s*subscribe\s*\(/, 'mqtt.subscribe', ({ mqtt }) => mqtt?.subscribe],
  [/(?<![\w$.])mqtt\s*\.\s*publish\s*\(/, 'mqtt.publish', ({ mqtt }) => mqtt?.publish],
];

/** Where modules use what the header does not ask for. Only text is looked at, so this is worth no more than a warning. */
export function ungranted(modules: readonly Source[], settings: ScriptSettings): readonly Finding[] {
  return USES.flatMap(([use, key, granted]) => {
    if ((granted(settings) ?? []).length > 0) return [];
    const sentence = `this will be refused: the header grants nothing under ${key}, only scripts.each in the configuration might`;
    return modules.flatMap((module) => {
      const found = module.path.endsWith('.json') ? null : use.exec(module.text);
      return found ? [{ place: placeAt(module, found.index), sentence }] : [];
    });
  });
}
