// One of each thing that actions name, made by the account's own calls, so that examples have something to name.
import { get } from "../control.js";
import { call } from "../signed.js";

const MAKERS = ["lke.SaveDoc", "lke.CreateQA", "lke.CreateAttributeLabel", "lke.CreateRejectedQuestion", "lke.CreateVar", "lke.CreateSharedKnowledge", "lke.CreateDocCate", "lke.CreateQACate", "adp.CreateAgent", "adp.CreateConversation", "adp.CreateAppTrigger", "adp.CreateChannel", "adp.CreatePlugin", "adp.CreateSkill", "adp.CreateSpace", "lke.ExportQAList", "lkeap.CreateReconstructDocumentFlow", "lkeap.CreateSplitDocumentFlow"];

export const canBeMade = (name) => /^(Doc|Qa|Attribute|Label|Rejected|Var|Knowledge|Kb|Cate|Agent|Conversation|Trigger|Channel|Plugin|Skill|Space|Task|BizIds)/.test(name);

export async function makeSpecimens(uin) {
  // How many were made; what is there already is refused.
  let made = 0;
  for (const key of MAKERS) {
    const { request } = await get(`/accounts/${uin}/examples/${key}`);
    made += await call(uin, key, request).then(() => 1, () => 0);
  }
  return made;
}
