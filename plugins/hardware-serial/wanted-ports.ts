import type { ProtocolRegistry } from 'pulsegate/plugin';
import type { SerialConfig } from './config.js';

/** A port that somebody has named. */
export interface WantedPort {
  readonly path: string;
  /** Without it, the links of definitions say what fits the port. */
  readonly protocol?: string | undefined;
  readonly baudRate?: number | undefined;
  /** Who has named it. */
  readonly source: string;
  /** Where its baud rate is set. */
  readonly baudRateKey: string;
}

/** The port of definitions that fit any port: somebody has to say which. */
const ANY_PORT = 'default';

/** Ports of the configuration first, then those that links of definitions name; no other port is ever opened. */
export function wantedPorts(
  { ports }: Pick<SerialConfig, 'ports'>,
  { definitions }: Pick<ProtocolRegistry, 'definitions'>,
): readonly WantedPort[] {
  const configured = ports.map((port, at): WantedPort => {
    const source = `plugins.hardware-serial.ports[${at}]`;
    return { ...port, source, baudRateKey: `${source}.baudRate` };
  });
  const named = definitions.flatMap(({ id, links }) =>
    links.flatMap((link): readonly WantedPort[] => {
      if (link.kind !== 'serial' || link.port === ANY_PORT) return [];
      const source = `the serial link of ${id} with the port ${link.port}`;
      return [{ path: link.port, source, baudRateKey: `the baud rate of ${source}` }];
    }),
  );
  // Of several that name the same, the catalogue knows which to try first.
  const once = named.filter(({ path }, at) => named.findIndex((other) => other.path === path) === at);
  return [...configured, ...once];
}
