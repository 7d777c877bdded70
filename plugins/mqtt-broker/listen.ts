import { createServer, isIP, type Server, type Socket } from 'node:net';
import { PluginError } from 'pulsegate/plugin';

/** Rejects with a PluginError that says what to do. The sockets it hands out are paused. */
export function listen(
  plugin: string,
  host: string,
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, onSocket);
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(listenError(plugin, host, port, error));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(server);
    });
  });
}

export function addressOf(server: Server): { readonly text: string; readonly port: number } {
  const address = server.address();
  if (!address || typeof address === 'string') return { text: 'nowhere', port: 0 };
  const { address: host, family, port } = address;
  return { text: family === 'IPv6' ? `[${host}]:${port}` : `${host}:${port}`, port };
}

function listenError(plugin: string, host: string, port: number, error: NodeJS.ErrnoException): PluginError {
  const where = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new PluginError(
        plugin,
        `${where} is in use, perhaps by another broker; to use that one set plugins.transport-mqtt.broker to mqtt://${where}, or give this one another port with plugins.${plugin}.port`,
        { cause: error },
      );
    case 'EACCES':
      return new PluginError(
        plugin,
        `No permission to listen on ${where}; ports below 1024 are the system’s, choose another with plugins.${plugin}.port`,
        { cause: error },
      );
    default:
      return new PluginError(
        plugin,
        `Cannot listen on ${where}: ${error.message}; set plugins.${plugin}.host to an address of this machine`,
        { cause: error },
      );
  }
}
