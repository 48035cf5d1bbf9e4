// A question asked over a socket with socket.io-client: one argument, one answer (the events, and why it ended).
const { io } = require('socket.io-client');

const asked = JSON.parse(process.argv[2]);
const events = [];
const end = (why) => {
  console.log(JSON.stringify({ events, why }));
  process.exit(0);
};
const socket = io(asked.url, {
  path: asked.path,
  transports: asked.transports,
  auth: { token: asked.token },
  reconnection: false,
});
socket.on('connect', () => asked.name && socket.emit(asked.name, asked.question));
socket.on('connect_error', (error) => end(`connect_error ${error.message}`));
socket.on('disconnect', (reason) => end(`disconnect ${reason}`));
socket.onAny((event, data) => {
  events.push([event, data]);
  if (event === 'response.completed' || (event === 'token_stat' && data.payload.status_summary === 'success')) {
    end(socket.io.engine.transport.name);
  }
});
setTimeout(() => end('timeout'), 20000);
