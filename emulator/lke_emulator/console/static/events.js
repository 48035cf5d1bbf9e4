// Server-sent events of an answer that is being read: {event, id, data}.
export async function* eventsOf(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const found = { event: "message", id: undefined, data: [] };
        for (const line of block.split(/\r?\n/)) {
          const [, name, text] = /^(\w+):? ?(.*)$/s.exec(line) ?? [];
          if (name === "data") found.data.push(text);
          else if (name) found[name] = text;
        }
        if (found.data.length) yield { ...found, data: found.data.join("\n") };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
