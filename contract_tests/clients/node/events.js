// A question asked over SSE, its events read by eventsource-parser: one argument, one answer.
const { createParser } = require('eventsource-parser');

const asked = JSON.parse(process.argv[2]);
const events = [];
const others = [];
const parser = createParser({
  onEvent: ({ event, data, id }) => {
    events.push([event, data]);
    if (id !== undefined) others.push(`id ${id}`);
  },
  onComment: (comment) => others.push(`comment ${comment}`),
  onRetry: (retry) => others.push(`retry ${retry}`),
  onError: (error) => others.push(error.message),
});

async function main() {
  const body = JSON.stringify(asked.question);
  const answer = await fetch(asked.url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) parser.feed(text);
  console.log(JSON.stringify({ type: answer.headers.get('content-type'), events, others }));
}

main();
