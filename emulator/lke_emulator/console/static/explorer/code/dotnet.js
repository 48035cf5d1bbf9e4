import { folder, indent, nested, quoted, upper } from "./literal.js";

export const install = ({ action }) => `dotnet add package TencentCloudSDK.${upper(action.product)}`;

const TYPES = { string: "string", int64: "long?", uint64: "ulong?", float: "float?", bool: "bool?" };
const ENDS = { int64: "L", uint64: "UL", float: "F" };
const scalar = (type, given) => (type === "string" ? quoted(String(given)) : `${given}${ENDS[type] ?? ""}`);
const lines = (texts) => `{\n${texts.map((text) => `${indent(text, "    ")},\n`).join("")}}`;
const made = (type, pairs) => `new ${type}\n${lines(pairs.map(([member, text]) => `${member.name} = ${text}`))}`;

const values = {
  scalar,
  scalars: (type, given) => `new ${TYPES[type]}[] { ${given.map((item) => scalar(type, item)).join(", ")} }`,
  object: made,
  objects: (type, all) => `new ${type}[]\n${lines(all.map((pairs) => made(type, pairs)))}`,
};

export function code(call) {
  const { action, params, region } = call;
  const product = upper(action.product);
  const space = `TencentCloud.${product}.${folder(action.version).toUpperCase()}`;
  const request = indent(made(`${action.action}Request`, nested(call, values, action.request, params)), "        ").trimStart();
  const answer = call.streams
    ? `        foreach (var message in response)
        {
            Console.WriteLine(message.Data);
        }`
    : "        Console.WriteLine(AbstractModel.ToJsonString(response));";
  return `using System;
using TencentCloud.Common;
using TencentCloud.Common.Profile;
using ${space};
using ${space}.Models;

class Program
{
    static void Main()
    {
        var credential = new Credential
        {
            SecretId = Environment.GetEnvironmentVariable("TENCENTCLOUD_SECRET_ID"),
            SecretKey = Environment.GetEnvironmentVariable("TENCENTCLOUD_SECRET_KEY"),
        };
        var http = new HttpProfile { Protocol = "${call.secure ? "https" : "http"}://", Endpoint = ${quoted(call.host)} };
        var client = new ${product}Client(credential, ${quoted(region)}, new ClientProfile { HttpProfile = http });
        var request = ${request};
        var response = client.${action.action}Sync(request);
${answer}
    }
}
`;
}
