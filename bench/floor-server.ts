import { WebSocketServer } from 'ws';

/** The floor: the least a server in this language can do that reads every message and answers it. */

type Message = Readonly<Record<string, { readonly Id: number }>>;

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const messages = JSON.parse(String(data)) as Message[];
    for (const message of messages) {
      for (const { Id } of Object.values(message)) socket.send(`[{"Ok":{"Id":${Id}}}]`);
    }
  });
});
server.on('listening', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit());
