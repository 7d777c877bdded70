import type { MqttDriveJob, MqttDriveResult } from '#bench/support/jobs';
import { quantile } from '#bench/support/stats';

/** The built connector, as apps get it from `pulsegate/mqtt`. */
const CONNECTOR = new URL('../../dist/plugins/transport-mqtt/connector/index.js', import.meta.url).href;
type Connector = typeof import('../../plugins/transport-mqtt/connector/index.js');

const LEVELS = 20;

/** One command at a time, in one session. */
export async function driveSession({ port, gateway, warmUp, commands }: MqttDriveJob): Promise<MqttDriveResult> {
  const { mqttConnector }: Connector = await import(CONNECTOR);
  const connector = mqttConnector({ broker: `mqtt://127.0.0.1:${port}`, gateway });
  let answered = (_name: string, _body: unknown) => {};
  connector.on('message', (messages) => {
    for (const message of messages as object[]) {
      for (const [name, body] of Object.entries(message)) answered(name, body);
    }
  });
  const ask = (message: object, answer: string) =>
    new Promise<void>((resolve, reject) => {
      answered = (name, body) => {
        if (name === answer) resolve();
        else if (name === 'Error') reject(new Error(`the gateway refused a command: ${JSON.stringify(body)}`));
      };
      connector.send(message);
    });

  await connector.connect();
  const version = { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 };
  await ask({ RequestServerInfo: { Id: 1, ClientName: 'bench', ...version } }, 'ServerInfo');
  const latencies: number[] = [];
  for (let n = 0; n < warmUp + commands; n += 1) {
    const Command = { Vibrate: { Value: (n % LEVELS) + 1 } };
    const startedAt = performance.now();
    await ask({ OutputCmd: { Id: n + 2, DeviceIndex: 0, FeatureIndex: 0, Command } }, 'Ok');
    if (n >= warmUp) latencies.push(performance.now() - startedAt);
  }
  await connector.disconnect();
  return { median: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
