import type { InputType, OutputType } from 'pulsegate/plugin';

/** Home Assistant's templates, as plain as they get: what it shows is in percent, the plain topics are from -1 to 1. */

/** Shows nothing new for a state that does not have the number. An empty one is among them: a topic that is cleared ends so. */
const ifNumber = (name: string, shown: string) =>
  `{% if value_json is defined and value_json.${name} is number %}${shown}{% endif %}`;

export const percentOf = (name: OutputType | InputType): string =>
  ifNumber(name, `{{ (value_json.${name} * 100) | round(2) }}`);

export const numberOf = (name: InputType): string => ifNumber(name, `{{ value_json.${name} }}`);

export const onOrOff = (name: InputType): string => ifNumber(name, `{{ 'ON' if value_json.${name} > 0 else 'OFF' }}`);

/** What a button reports is its number, or 0 when it is let go. */
export const pressedOrReleased = (name: InputType): string =>
  ifNumber(name, `{"event_type": "{{ 'press' if value_json.${name} > 0 else 'release' }}"}`);

/** A topic that is cleared says that there is nothing; to Home Assistant alone that would be no reason to change its mind. */
export const ONLINE_OR_NOT = "{{ 'online' if value == 'online' else 'offline' }}";

/** Both in ms; what is undefined is left out. */
export interface Limits {
  readonly duration?: number | undefined;
  readonly hold?: number | undefined;
}

/** The number comes first: braces of JSON right behind those of a template would be hard to tell apart. */
export function command(type: OutputType, { duration, hold }: Limits): string {
  const limits = Object.entries({ duration, hold }).flatMap(([name, ms]) =>
    ms === undefined ? [] : `"${name}": ${ms}`,
  );
  return `{${[`"value": {{ value / 100 }}`, `"type": "${type}"`, ...limits].join(', ')}}`;
}
