"""Server-sent events as the console reads them."""

from contract_tests.explorer.modules import EXPLORER, script

DRIVER = """
import { readFileSync } from "node:fs";
const { eventsOf } = await import(process.argv[1]);
const [text, sizes] = JSON.parse(readFileSync(0, "utf-8"));
const bytes = new TextEncoder().encode(text);
const cut = (size) => {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
};
const told = [];
for (const size of sizes) {
  const found = [];
  for await (const event of eventsOf(new Response(ReadableStream.from(cut(size))))) found.push(event);
  told.push(found);
}
console.log(JSON.stringify(told));
"""


def test_a_stream_is_read_however_it_is_cut() -> None:
    text = 'data:{"a":1}\n\nevent: x\nid: 2\ndata: one\ndata: 两\n\n: comment\n\ndata:end\r\n\r\ndata: broken off'
    for found in script(DRIVER, [(EXPLORER.parent / "events.js").as_uri()], [text, [1, 3, 1000]]):
        assert [{name: value for name, value in event.items() if name != "at"} for event in found] == [
            {"event": "", "data": '{"a":1}'},
            {"event": "x", "id": "2", "data": "one\n两"},
            {"event": "", "data": "end"},
            {"event": "", "data": "broken off"},
        ]
        assert [event["at"] for event in found] == sorted(event["at"] for event in found)
