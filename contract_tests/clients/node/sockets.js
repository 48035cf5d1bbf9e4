// Questions asked over sockets with socket.io-client, one after the other: of each the events, and why it ended.
const { io } = require('socket.io-client');

const { url, asked } = JSON.parse(process.argv[2]);

const answer = ({ path, transports, token, name, question }) =>
  new Promise((resolve) => {
    const events = [];
    const socket = io(url, { path, transports, auth: { token }, reconnection: false, forceNew: true });
    const end = (why) => {
      resolve({ events, why });
      socket.close();
    };
    socket.on('connect', () => name && socket.emit(name, question));
    socket.on('connect_error', (error) => end(`connect_error ${error.message}`));
    socket.on('disconnect', (reason) => end(`disconnect ${reason}`));
    socket.onAny((event, data) => {
      events.push([event, data]);
      if (event === 'response.completed' || (event === 'token_stat' && data.payload.status_summary === 'success')) {
        end(socket.io.engine.transport.name);
      }
    });
    setTimeout(() => end('timeout'), 20000).unref();
  });

(async () => {
  const answers = [];
  for (const one of asked) answers.push(await answer(one));
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
})();
