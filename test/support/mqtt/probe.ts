import {
  DEVICE_REGISTER,
  type DeviceCard,
  type DeviceRegister,
  definePlugin,
  type EmbeddedBroker,
  MQTT_BROKER,
  PLUGIN_API,
  Type,
} from 'pulsegate/plugin';

/** Shows a test what plugins see. */
export function probe() {
  let register: DeviceRegister | undefined;
  let broker: EmbeddedBroker | undefined;
  const plugin = definePlugin({
    name: 'probe',
    // Starts after extensions.
    kind: 'transport',
    api: PLUGIN_API,
    description: 'Shows a test what plugins see',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        register = use(DEVICE_REGISTER);
        broker = use(MQTT_BROKER).broker;
      },
      stop() {},
    }),
  });
  return {
    plugin,
    /** @param simulated as in `/api/simulated/<id>` */
    card(simulated: string): DeviceCard {
      const found = register?.cards.find(({ address }) => address === `simulated:${simulated}`);
      if (!found) throw new Error(`The gateway has no ${simulated}`);
      return found;
    },
    /** By what the outputs were told. */
    get allAreOff(): boolean {
      const outputs = register?.cards.flatMap(({ index }) => register?.outputs(index) ?? []) ?? [];
      return outputs.every(({ value }) => value === 0);
    },
    /** Of the embedded broker. */
    get brokerUrl(): string {
      if (!broker) throw new Error('The gateway has no broker of its own');
      return `mqtt://${broker.address}`;
    },
  };
}
