import Type from 'typebox';
import { flag, milliseconds, number, path, secret, section } from './keys.js';
import { limitKeys, ScriptSettings } from './script-settings.js';

export const scripts = section('Automation scripts, and what they may do.', {
  enabled: flag(true, 'Whether there are scripts at all.'),
  directory: path({
    default: './scripts',
    description: 'Folder of your scripts; it need not exist. The gateway runs what is in it.',
  }),
  storage: path({
    default: './data/scripts',
    description: 'Folder in which the gateway keeps what scripts store.',
  }),
  examples: flag(true, 'Whether the scripts that come with the gateway are listed; they run only when asked for.'),
  token: Type.Optional(
    secret(
      'Secret for starting scripts over HTTP, at least 16 characters, or file:PATH or env:NAME for where it is; http.token counts too. Without either, nothing that runs code is possible over HTTP.',
      { minLength: 16 },
    ),
  ),
  maxPingTime: milliseconds(
    100,
    60_000,
    1_000,
    'Longest time between two signs of life of a script, in milliseconds, 100 to 60000. It is never off.',
  ),
  ...limitKeys,
  hostMemoryMb: number(
    128,
    16_384,
    1_024,
    'Memory of the process that all scripts run in, in MiB, 128 to 16384; one that takes more is ended and started anew.',
  ),
  recycleAfter: number(
    1,
    8_760,
    24,
    'Age of that process, in hours, 1 to 8760, at which it gives way to a new one as soon as its scripts allow it.',
  ),
  recycleAboveMb: number(
    64,
    16_384,
    256,
    'Memory of that process, in MiB, 64 to 16384, above which it gives way to a new one as soon as its scripts allow it.',
  ),
  each: Type.Record(Type.String(), ScriptSettings, {
    default: {},
    description: "Settings of single scripts, by name; they count before what a script's own header says.",
  }),
});
