// Server-sent events out of the pieces of a body, as they come.
export function events() {
  // `push(text)` gives the events that are now complete: {event, id, data}.
  let rest = "";
  return {
    push(text) {
      rest += text;
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop();
      return blocks.map(eventOf).filter(Boolean);
    },
    get rest() {
      return rest;
    },
  };
}

export function all(pieces) {
  const parts = events();
  return pieces.flatMap((piece) => parts.push(piece));
}

function eventOf(block) {
  const event = { event: "", id: "", data: [] };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (name === "data") event.data.push(value);
    else if (name === "event" || name === "id") event[name] = value;
  }
  return event.data.length ? { ...event, data: event.data.join("\n") } : undefined;
}

export async function* read(body) {
  // The events of a ReadableStream with the milliseconds at which each came.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parts = events();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const heard = parts.push(done ? "\n\n" : decoder.decode(value, { stream: true }));
      for (const event of heard) yield { ...event, at: performance.now() };
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
