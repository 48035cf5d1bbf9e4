import { declared, folder, quoted } from "./literal.js";
import { values } from "./python.js";

export const install = ({ action }) => `pip install lke-emulator pytest tencentcloud-sdk-python-${action.product}`;
export const localOnly = true;

export function code(call) {
  const { action, params } = call;
  const name = action.action.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  const lines = declared(call, values, action.request, params, "request").map((line) => `    ${line}`);
  const called = `client.${action.action}(request)`;
  const answer = call.streams ? `    assert [event["data"] for event in ${called}]` : `    assert ${called}.RequestId`;
  return `from tencentcloud.${action.product}.${folder(action.version)} import models


def test_${name}(lke):
    client = lke.client(${quoted(action.product)})
${lines.join("\n")}
${answer}
    lke.calls.expect(operation=${quoted(`${action.product}.${action.action}`)}, times=1)
`;
}
