import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mosquitto } from './mosquitto.js';

/** Where it lies depends on the machine's processor. */
const [PLUGIN] = globSync('/usr/{,local/}lib/{,*/}mosquitto_dynamic_security.so');

/** A Mosquitto with files beside its configuration, which go away with it. */
async function startWith(name: string, text: string, config: (file: string) => string): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-rules-'));
  try {
    const file = join(folder, name);
    await writeFile(file, text);
    const broker = await Mosquitto.start({ config: config(file) });
    const remove = () => rm(folder, { recursive: true, force: true });
    const dispose = broker[Symbol.asyncDispose].bind(broker);
    return Object.assign(broker, { [Symbol.asyncDispose]: () => dispose().then(remove) });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Anybody may publish to these topics, and read everything. Mosquitto asks the file about messages, not about subscriptions.
 * Whoever looks at what it retains has to publish too.
 */
export function withWritable(topics: readonly string[]): Promise<Mosquitto> {
  const lines = ['topic read #', ...[...topics, 'retained-at/#'].map((topic) => `topic write ${topic}`)];
  return startWith('acl', lines.join('\n'), (file) => `acl_file ${file}`);
}

/** Anybody may do everything but subscribe to these filters, as Mosquitto's own plugin has it. */
export function withoutSubscribing(filters: readonly string[]): Promise<Mosquitto> {
  if (PLUGIN === undefined) throw new Error('This Mosquitto comes without mosquitto_dynamic_security.so');
  const everything = ['publishClientSend', 'publishClientReceive', 'subscribePattern', 'unsubscribePattern'];
  const acls = [
    ...everything.map((acltype) => ({ acltype, topic: '#', priority: 0, allow: true })),
    ...filters.map((topic) => ({ acltype: 'subscribeLiteral', topic, priority: 1, allow: false })),
  ];
  const rules = {
    roles: [{ rolename: 'guest', acls }],
    groups: [{ groupname: 'guests', roles: [{ rolename: 'guest' }] }],
    clients: [],
    anonymousGroup: 'guests',
  };
  const lines = (file: string) => `plugin ${PLUGIN}\nplugin_opt_config_file ${file}`;
  return startWith('rules.json', JSON.stringify(rules), lines);
}
