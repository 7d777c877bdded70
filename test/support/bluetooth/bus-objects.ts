import { DBusError, Message, type MessageBus, MessageType, type Variant } from 'dbus-next';

export type Properties = Readonly<Record<string, Variant>>;

interface Method {
  /** Signatures of what it takes and gives; default nothing. */
  readonly takes?: string;
  readonly gives?: string;
  /** What it throws, or rejects with, is the answer. One that does not settle is never answered. */
  readonly call: (body: readonly unknown[], sender: string) => unknown;
}

/** An interface of an object on a bus. */
export interface BusInterface {
  readonly methods: Readonly<Record<string, Method>>;
  /** Those that there are just now. */
  readonly properties: () => Properties;
}

const INTROSPECTABLE = 'org.freedesktop.DBus.Introspectable';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager';
const UNKNOWN_OBJECT = 'org.freedesktop.DBus.Error.UnknownObject';
const UNKNOWN_METHOD = 'org.freedesktop.DBus.Error.UnknownMethod';
const FAILED = 'org.freedesktop.DBus.Error.Failed';
const PROPERTIES_XML = `<interface name="${PROPERTIES}"><method name="Get"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method><signal name="PropertiesChanged"><arg type="s"/><arg type="a{sv}"/><arg type="as"/></signal></interface>`;
const OBJECT_MANAGER_XML = `<interface name="${OBJECT_MANAGER}"><method name="GetManagedObjects"><arg type="a{oa{sa{sv}}}" direction="out"/></method><signal name="InterfacesAdded"><arg type="o"/><arg type="a{sa{sv}}"/></signal><signal name="InterfacesRemoved"><arg type="o"/><arg type="as"/></signal></interface>`;

/** Objects that a program shows on a bus, with an object manager at the root. */
export class BusObjects {
  /** Properties that are not shown, by name. */
  readonly hidden = new Set<string>();
  readonly #counts = new Map<string, number>();
  /** By path, and by name. */
  readonly #objects = new Map<string, Map<string, BusInterface>>();

  constructor(private readonly bus: MessageBus) {
    bus.addMethodHandler((message: Message) => {
      void this.#answer(message);
      return true;
    });
  }

  /** How often this was asked of an object, or told by one: `Introspect`. */
  count(member: string): number {
    return this.#counts.get(member) ?? 0;
  }

  add(path: string, name: string, added: BusInterface): void {
    const object = this.#objects.get(path) ?? new Map<string, BusInterface>();
    object.set(name, added);
    this.#objects.set(path, object);
    const content = [path, { [name]: this.#shown(added) }];
    this.#send(Message.newSignal('/', OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', content));
  }

  /** With everything below it. */
  remove(path: string): void {
    for (const [at, object] of [...this.#objects]) {
      if (at !== path && !at.startsWith(`${path}/`)) continue;
      this.#objects.delete(at);
      const content = [at, [...object.keys()]];
      this.#send(Message.newSignal('/', OBJECT_MANAGER, 'InterfacesRemoved', 'oas', content));
    }
  }

  changed(path: string, name: string, changes: Properties, gone: readonly string[] = []): void {
    if (!this.#objects.get(path)?.has(name)) return;
    const content = [name, changes, gone];
    this.#send(Message.newSignal(path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', content));
  }

  async #answer(message: Message): Promise<void> {
    try {
      const { gives = '', value } = await this.#call(message);
      this.#send(Message.newMethodReturn(message, gives, gives === '' ? [] : [value]));
    } catch (error) {
      const reply = Message.newMethodReturn(message, 's', [error instanceof Error ? error.message : `${error}`]);
      reply.type = MessageType.ERROR;
      reply.errorName = error instanceof DBusError ? error.type : FAILED;
      this.#send(reply);
    }
  }

  async #call(message: Message): Promise<{ readonly gives?: string; readonly value: unknown }> {
    const { path, member, body, sender } = message;
    this.#note(member);
    const object = this.#objects.get(path);
    if (!object && path !== '/') throw new DBusError(UNKNOWN_OBJECT, `There is no ${path}`);
    if (message.interface === INTROSPECTABLE) return { gives: 's', value: this.#introspect(path) };
    if (message.interface === OBJECT_MANAGER && member === 'GetManagedObjects') {
      return { gives: 'a{oa{sa{sv}}}', value: this.#managed() };
    }
    if (message.interface === PROPERTIES && member === 'Get')
      return { gives: 'v', value: this.#property(object, body) };
    const method = object?.get(message.interface)?.methods[member];
    if (!method) throw new DBusError(UNKNOWN_METHOD, `${path} has no ${message.interface}.${member}`);
    const value = await method.call(body, sender);
    return { ...(method.gives !== undefined && { gives: method.gives }), value };
  }

  #property(object: ReadonlyMap<string, BusInterface> | undefined, [name, key]: readonly unknown[]): Variant {
    const shown = object?.get(`${name}`);
    const found = shown && this.#shown(shown)[`${key}`];
    if (!found) throw new DBusError('org.freedesktop.DBus.Error.InvalidArgs', `No such property '${key}'`);
    return found;
  }

  #shown({ properties }: BusInterface): Properties {
    return Object.fromEntries(Object.entries(properties()).filter(([name]) => !this.hidden.has(name)));
  }

  #managed(): Readonly<Record<string, object>> {
    const interfaces = (object: ReadonlyMap<string, BusInterface>) =>
      Object.fromEntries([...object].map(([name, one]) => [name, this.#shown(one)]));
    return Object.fromEntries([...this.#objects].map(([path, object]) => [path, interfaces(object)]));
  }

  #introspect(path: string): string {
    const own = [...(this.#objects.get(path) ?? [])].map(([name, { methods }]) => interfaceXml(name, methods));
    return `<node>${PROPERTIES_XML}${path === '/' ? OBJECT_MANAGER_XML : ''}${own.join('')}</node>`;
  }

  #note(member: string): void {
    this.#counts.set(member, this.count(member) + 1);
  }

  /** Nobody hears it once the bus is gone. */
  #send(message: Message): void {
    if (message.type === MessageType.SIGNAL) this.#note(message.member);
    try {
      this.bus.send(message);
    } catch {}
  }
}

function interfaceXml(name: string, methods: BusInterface['methods']): string {
  const argument = (direction: string, type: string) => `<arg type="${type}" direction="${direction}"/>`;
  const all = Object.entries(methods).map(([method, { takes = '', gives = '' }]) => {
    const taken = takes.split(' ').filter((type) => type !== '');
    const given = gives === '' ? [] : [gives];
    const content = [...taken.map((type) => argument('in', type)), ...given.map((type) => argument('out', type))];
    return `<method name="${method}">${content.join('')}</method>`;
  });
  return `<interface name="${name}">${all.join('')}</interface>`;
}
