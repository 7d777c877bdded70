import { date } from './time.js';

// Taken before a script can put its own in their place, and be handed the engine's date.
const { construct, get } = Reflect;

/**
 * `Date` by the gateway's clock. It stands still during a turn, like all time here: code that measures or waits by spinning gets
 * nowhere, and there is no fine clock to attack other processes with.
 */
export function installDate(scope: typeof globalThis): void {
  const EngineDate = scope.Date;
  const ScriptDate = new Proxy(EngineDate, {
    apply: () => new EngineDate(date()).toString(),
    construct: (target, values, newTarget) => construct(target, values.length === 0 ? [date()] : values, newTarget),
    get: (target, key) => (key === 'now' ? date : get(target, key)),
  });
  Object.defineProperty(EngineDate.prototype, 'constructor', { value: ScriptDate, writable: true, configurable: true });
  scope.Date = ScriptDate;
}
