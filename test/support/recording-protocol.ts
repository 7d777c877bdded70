import {
  bluetooth,
  type DeviceInput,
  type DeviceOutput,
  definePlugin,
  defineProtocol,
  type FeatureDefinition,
  type InputType,
  LinkError,
  type ModelDefinition,
  model,
  PLUGIN_API,
  type Plugin,
  PROTOCOLS,
  type ProtocolHandler,
  Type,
} from 'pulsegate/plugin';

/**
 * A protocol whose devices send nothing and write down, in device steps, every order they are given. Simulated by
 * hardware-simulated like any other; hand `plugin` to `boot` and name the models in its `devices`.
 */
export class RecordingProtocol {
  readonly plugin: Plugin;
  /** What a read answers, by input type; without an answer it fails. */
  readonly readings = new Map<InputType, number>();
  readonly #orders: string[] = [];
  readonly #reports = new Map<string, (value: number) => void>();

  constructor(models: Readonly<Record<string, readonly FeatureDefinition[]>>) {
    const definition = defineProtocol({
      id: 'recording',
      brand: 'Test',
      links: [
        bluetooth({
          names: Object.keys(models),
          services: { fff0: { tx: 'fff1', rx: 'fff2' } },
        }),
      ],
      models: Object.entries(models).map(([name, features]) => model(name, name, features)),
      open: ({ model: opened }) => this.#handler(opened),
    });
    this.plugin = definePlugin({
      name: 'recording-protocol',
      kind: 'protocol',
      api: PLUGIN_API,
      description: 'Devices that write down what they are told',
      config: Type.Object({}),
      create: ({ use }) => ({
        start: () => void use(PROTOCOLS).add(definition),
        stop() {},
      }),
    });
  }

  /** The orders since the last call: `0 Vibrate 12`, and `4 HwPositionWithDuration 80 in 500` for a timed move. */
  take(): string[] {
    return this.#orders.splice(0);
  }

  /** A sensor reports; false when the device was not asked to. */
  report(featureIndex: number, type: InputType, value: number): boolean {
    const report = this.#reports.get(`${featureIndex} ${type}`);
    report?.(value);
    return report !== undefined;
  }

  #handler({ name }: ModelDefinition): ProtocolHandler {
    const key = ({ feature, type }: DeviceInput) => `${feature.index} ${type}`;
    return {
      output: (order) => {
        this.#orders.push(describe(order));
        return [];
      },
      read: async ({ type }) => {
        const value = this.readings.get(type);
        if (value === undefined) throw new LinkError(`${name} does not answer when asked for its ${type}`);
        return value;
      },
      subscribe: async (input, report) => void this.#reports.set(key(input), report),
      unsubscribe: async (input) => void this.#reports.delete(key(input)),
    };
  }
}

function describe({ feature, type, value, duration }: DeviceOutput): string {
  const order = `${feature.index} ${type} ${value}`;
  return type === 'HwPositionWithDuration' ? `${order} in ${duration}` : order;
}
