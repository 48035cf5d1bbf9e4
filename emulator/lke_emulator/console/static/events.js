// Server-sent events of an answer, as they come.
export function events() {
  // A function that is given the next piece of text, and gives the events that are now complete: {event, id, data}.
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split(/\r\n\r\n|\n\n|\r\r/);
    rest = blocks.pop();
    return blocks.map(eventOf).filter((one) => one.data);
  };
}

function eventOf(block) {
  const found = { event: "", id: undefined, data: [] };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (name === "data") found.data.push(value);
    else if (name) found[name] = value;
  }
  return { ...found, data: found.data.join("\n") };
}

export async function* eventsOf(answer) {
  // With the milliseconds at which each came. What a stream breaks off in is given as far as it came.
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const push = events();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      for (const event of push(done ? "\n\n" : value)) yield { ...event, at: performance.now() };
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
