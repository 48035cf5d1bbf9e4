// Signed calls of the account that is shown, as an SDK makes them: metered, limited, in the journal.
import { Problem, get } from "./control.js";
import { signedRequest } from "./explorer/signature.js";

const VERSIONS = { lke: "2023-11-30", lkeap: "2024-05-22", adp: "2026-05-20" };
const REGION = "ap-guangzhou";

export const credentialOf = async (uin) => (await get(`/accounts/${uin}/credentials`)).credentials[0];

export async function sent(uin, key, params, { signal, language } = {}) {
  // The answer as it comes, a stream perhaps. `key`: lke.CreateQA.
  const credential = await credentialOf(uin);
  if (!credential) throw new Problem("no-credential");
  const [product, action] = key.split(".");
  const request = await signedRequest({ algorithm: "TC3-HMAC-SHA256", method: "POST", host: location.host, product, version: VERSIONS[product], action, region: REGION, params, body: JSON.stringify(params), credential, timestamp: String(Math.floor(Date.now() / 1000)), language });
  const { method, path, headers, body } = request;
  return fetch(path, { method, headers, body, signal });
}

export async function call(uin, key, params) {
  // What it answers. Throws Problem with the cloud's code.
  const { Response } = await (await sent(uin, key, params, { language: "en-US" })).json();
  if (Response.Error) throw new Problem(`${Response.Error.Code}: ${Response.Error.Message}`, 400, { requestId: Response.RequestId });
  return Response;
}
