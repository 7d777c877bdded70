import { WebSocket } from 'ws';

/** A client to be killed: `node driving-client.ts URL FEATURE COMMAND` drives device 0, says so, and stays. */

const [url = '', feature = '', command = ''] = process.argv.slice(2);
const webSocket = new WebSocket(url);

webSocket.on('open', () => {
  const handshake = { Id: 1, ClientName: 'driving process', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 };
  const order = { Id: 2, DeviceIndex: 0, FeatureIndex: Number(feature), Command: JSON.parse(command) };
  webSocket.send(JSON.stringify([{ RequestServerInfo: handshake }, { OutputCmd: order }]));
});
webSocket.on('message', (data) => {
  if (data.toString() === '[{"Ok":{"Id":2}}]') process.stdout.write('driving\n');
});
