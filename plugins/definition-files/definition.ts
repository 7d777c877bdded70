import {
  battery,
  bluetooth,
  combined,
  constrict,
  DeviceError,
  type DeviceOutput,
  defineProtocol,
  type FeaturePart,
  features,
  type LinkSpecifier,
  led,
  model,
  type OutputType,
  oscillate,
  PluginError,
  type ProtocolDefinition,
  packet,
  position,
  rotate,
  rotateBothWays,
  serial,
  temperature,
  timedPosition,
  vibrate,
  webSocket,
} from 'pulsegate/plugin';
import type { DefinitionFile } from './schema.js';
import { compileTemplate } from './template.js';

/** Longest move, ms: as long as those of the built-in tables. */
const LONGEST_MOVE_MS = 100_000;

type FileFeature = DefinitionFile['models'][number]['features'][number];
type PacketKey = Exclude<keyof DefinitionFile['packets'], 'endpoint' | 'withResponse' | 'start'>;

/** Which packet an output is driven with. */
const PACKETS: { readonly [T in OutputType]?: PacketKey } = {
  Vibrate: 'vibrate',
  Oscillate: 'oscillate',
  Constrict: 'constrict',
  Temperature: 'temperature',
  Led: 'led',
  Rotate: 'rotate',
  Position: 'position',
  HwPositionWithDuration: 'timedPosition',
};

/**
 * The protocol that a file defines.
 *
 * @throws PluginError when the parts of the file do not go together
 */
export function definitionOf(plugin: string, file: DefinitionFile): ProtocolDefinition {
  const links = linksOf(file);
  if (links.length === 0)
    throw new PluginError(plugin, 'it says nothing of how devices are reached: bluetooth, serial or webSocket');
  const models = file.models.map(({ name, identifiers, features: list }) =>
    model(identifiers, name, features(...list.map((feature) => featureOf(plugin, name, feature)))),
  );
  const templates = new Map<OutputType, ReturnType<typeof compileTemplate>>();
  for (const type of new Set(models.flatMap((one) => one.features.flatMap(({ outputs }) => outputTypes(outputs))))) {
    const key = PACKETS[type];
    const text = key && file.packets[key];
    if (text === undefined)
      throw new PluginError(
        plugin,
        `it has outputs of the kind ${key ?? type}, and packets.${key ?? type} does not say what to send`,
      );
    templates.set(type, compileTemplate(text));
  }
  const { endpoint, withResponse } = file.packets;
  const start = file.packets.start.map((text) => compileTemplate(text)({ value: 0, feature: 0, duration: 0 }));
  return defineProtocol({
    id: file.id,
    brand: file.brand,
    status: 'unverified',
    links,
    models,
    async open({ link }) {
      for (const data of start) await link.write(endpoint, data, { withResponse });
      return {
        output({ feature, type, value, duration }: DeviceOutput) {
          const make = templates.get(type);
          if (!make) throw new DeviceError(`There is no packet for ${type}`);
          const data = make({ value, feature: feature.index, duration });
          return [packet(feature.index, data, { endpoint, withResponse })];
        },
      };
    },
  });
}

const outputTypes = (outputs: object) => Object.keys(outputs).filter((type): type is OutputType => type in PACKETS);

function linksOf({ bluetooth: radio, serial: port, webSocket: socket }: DefinitionFile): LinkSpecifier[] {
  return [
    ...(radio ? [bluetooth(radio)] : []),
    ...(port ? [serial('default', port.baudRate)] : []),
    ...(socket ? [webSocket(socket.name)] : []),
  ];
}

function featureOf(plugin: string, modelName: string, feature: FileFeature): FeaturePart {
  const { description = '' } = feature;
  const about = { description };
  const parts: FeaturePart[] = [];
  for (const [make, most] of [
    [vibrate, feature.vibrate],
    [oscillate, feature.oscillate],
    [constrict, feature.constrict],
    [temperature, feature.temperature],
    [led, feature.led],
    [rotate, feature.rotate],
    [rotateBothWays, feature.rotateBothWays],
    [position, feature.position],
  ] as const) {
    if (most !== undefined) parts.push(make(most, about));
  }
  if (feature.timedPosition !== undefined) parts.push(timedPosition(feature.timedPosition, LONGEST_MOVE_MS, about));
  if (feature.battery) parts.push(battery());
  if (feature.rotate !== undefined && feature.rotateBothWays !== undefined) {
    throw new PluginError(plugin, `a feature of ${modelName} has rotate and rotateBothWays, which are one output`);
  }
  const [first, ...others] = parts;
  if (!first) throw new PluginError(plugin, `a feature of ${modelName} does nothing`);
  return combined(first, ...others);
}
