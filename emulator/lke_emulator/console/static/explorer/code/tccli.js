import { json, origin, settings, shell } from "./literal.js";

export const install = () => "pip install tccli";
export const cannotStream = true;

const text = (given) => (typeof given === "object" ? json(given) : String(given));

export function code(call) {
  // Its keys are those of the environment: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
  const { action, region } = call;
  // It prints no stream, so that an answer is asked for whole.
  const params = "Stream" in call.params ? { ...call.params, Stream: false } : call.params;
  const given = settings(call, action.request, params).map(([member, value]) => `--${member.name} ${shell(text(value))}`);
  const lines = [`tccli ${action.product} ${action.action}`, `--version ${action.version}`, `--region ${shell(region)}`, `--endpoint ${origin(call)}`, ...given];
  return `${lines.join(" \\\n  ")}\n`;
}
