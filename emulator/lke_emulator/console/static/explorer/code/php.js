import { folder, indent, single, upper } from "./literal.js";
import { isObject } from "../shape.js";

export const install = () => "composer require tencentcloud/tencentcloud-sdk-php";

const escape = (sign, code) => (code ? `\\u{${code}}` : sign === "\\b" ? "\\u{8}" : sign === "$" ? "\\$" : sign);
const text = (given) => single(given, escape);
const lines = (texts) => (texts.length ? `[\n${texts.map((one) => `${indent(one, "    ")},\n`).join("")}]` : "[]");

function literal(value) {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.some(isObject) ? lines(value.map(literal)) : `[${value.map(literal).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const given = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  // An empty list and an empty object are the same array in PHP, and are written as the list.
  return given.length ? lines(given.map(([name, inner]) => `${text(name)} => ${literal(inner)}`)) : "new stdClass()";
}

export function code(call) {
  const { action, params, region } = call;
  const product = upper(action.product);
  const space = `TencentCloud\\${product}\\${folder(action.version).toUpperCase()}`;
  const answer = call.streams ? `foreach ($client->${action.action}($request) as $event) {\n    echo $event["data"], PHP_EOL;\n}` : `echo $client->${action.action}($request)->toJsonString(), PHP_EOL;`;
  return `<?php

require_once "vendor/autoload.php";

use TencentCloud\\Common\\Credential;
use TencentCloud\\Common\\Profile\\ClientProfile;
use TencentCloud\\Common\\Profile\\HttpProfile;
use ${space}\\${product}Client;
use ${space}\\Models\\${action.action}Request;

$credential = new Credential(getenv("TENCENTCLOUD_SECRET_ID"), getenv("TENCENTCLOUD_SECRET_KEY"));
$http = new HttpProfile();
$http->setProtocol("${call.secure ? "https" : "http"}://");
$http->setEndpoint(${text(call.host)});
$profile = new ClientProfile();
$profile->setHttpProfile($http);
$client = new ${product}Client($credential, ${text(region)}, $profile);

$request = new ${action.action}Request();
$request->fromJsonString(json_encode(${literal(params)}));
${answer}
`;
}
