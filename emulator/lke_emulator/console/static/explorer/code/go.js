import { folder, indent, nested, quoted, upper } from "./literal.js";
import { isObject } from "../shape.js";

export const styles = ["common", "product"];
const SDK = "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud";
export const install = ({ action, style }) =>
  `go get ${SDK}/common@latest${style === "product" ? ` ${SDK}/${action.product}@latest` : ""}`;

const TYPES = { string: "string", int64: "int64", uint64: "uint64", float: "float64", bool: "bool" };
const POINTERS = { string: "String", int64: "Int64", uint64: "Uint64", float: "Float64", bool: "Bool" };
const plain = (type, given) => (type === "string" ? quoted(String(given)) : String(given));
const lines = (texts) => (texts.length ? `{\n${texts.map((text) => `${indent(text, "\t")},\n`).join("")}}` : "{}");

const members = (pairs) => pairs.map(([member, text]) => `${member.name}: ${text}`);

const values = (call) => {
  const made = (type) => `${call.action.product}.${type}`;
  return {
    scalar: (type, given) => `common.${POINTERS[type]}Ptr(${plain(type, given)})`,
    scalars: (type, given) => `common.${POINTERS[type]}Ptrs([]${TYPES[type]}{${given.map((item) => plain(type, item)).join(", ")}})`,
    object: (type, pairs) => `&${made(type)}${lines(members(pairs))}`,
    objects: (type, all) => `[]*${made(type)}${lines(all.map((pairs) => lines(members(pairs))))}`,
  };
};

function generic(value) {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return value.some(isObject) ? `[]any${lines(value.map(generic))}` : `[]any{${value.map(generic).join(", ")}}`;
  if (!isObject(value)) return value === null ? "nil" : typeof value === "bigint" && value > 2n ** 63n - 1n ? `uint64(${value})` : String(value);
  return `map[string]any${lines(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([name, inner]) => `${quoted(name)}: ${generic(inner)}`))}`;
}

export function aligned(text) {
  // As gofmt lines up the values of one composite literal, where each stands on one line.
  const rows = text.split("\n");
  const found = (row) => /^(\t*)("(?:[^"\\]|\\.)*":|\w+:) (.*)$/.exec(row);
  const whole = (match) => match && match[3].endsWith(",");
  for (let from = 0; from < rows.length; from++) {
    let to = from;
    while (to < rows.length && whole(found(rows[to])) && found(rows[to])[1] === found(rows[from])[1]) to++;
    const width = Math.max(0, ...rows.slice(from, to).map((row) => [...found(row)[2]].length));
    for (let at = from; at < to; at++) {
      const [, tabs, name, value] = found(rows[at]);
      rows[at] = `${tabs}${name}${" ".repeat(width - [...name].length + 1)}${value}`;
    }
    from = Math.max(from, to - 1);
  }
  return rows.join("\n");
}

const pathOf = (one) => one.slice(one.indexOf('"'));

export function code(call) {
  const { action, params, region } = call;
  const common = call.style !== "product";
  const { product } = action;
  const imports = [`"${SDK}/common"`, ...(common ? [`tchttp "${SDK}/common/http"`] : []), `"${SDK}/common/profile"`, ...(common ? [] : [`${product} "${SDK}/${product}/${folder(action.version)}"`])];
  const made = common
    ? `	client := common.NewCommonClient(credential, ${quoted(region)}, clientProfile)
	request := tchttp.NewCommonRequest(${quoted(product)}, ${quoted(action.version)}, ${quoted(action.action)})
	must(request.SetActionParameters(${indent(generic(params), "\t").trimStart()}))
	response := ${call.streams ? "&tchttp.BaseSSEResponse{}" : "tchttp.NewCommonResponse()"}
	must(client.Send(request, response))`
    : `	client, err := ${product}.NewClient(credential, ${quoted(region)}, clientProfile)
	must(err)

	request := ${product}.New${action.action}Request()
${nested(call, values(call), action.request, params).map(([member, text]) => `	request.${member.name} = ${indent(text, "\t").trimStart()}\n`).join("")}	response, err := client.${action.action}(request)
	must(err)`;
  const told = common ? "string(response.GetBody())" : "response.ToJsonString()";
  const answer = call.streams ? `	for event := range response.Events {\n		must(event.Err)\n		fmt.Println(string(event.Data))\n	}` : `	fmt.Println(${told})`;
  return aligned(`package main

import (
	"fmt"
	"log"
	"os"

${imports.sort((one, other) => (pathOf(one) < pathOf(other) ? -1 : 1)).map((one) => `	${one}`).join("\n")}
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	credential := common.NewCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"), os.Getenv("TENCENTCLOUD_SECRET_KEY"))
	clientProfile := profile.NewClientProfile()
	clientProfile.HttpProfile.Scheme = "${call.secure ? "HTTPS" : "HTTP"}"
	clientProfile.HttpProfile.Endpoint = ${quoted(call.host)}
${made}
${answer}
}
`);
}
