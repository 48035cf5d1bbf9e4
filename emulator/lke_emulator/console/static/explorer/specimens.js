// One of each thing that actions name: apps in every state that control adds, and what the account's own calls make in them.
import { get, post } from "../control.js";
import { call } from "../signed.js";

const LONG = ["handbook", "archive"]; // the other file takes days
const MAKERS = [["lke.SaveDoc"], ["lke.CreateQA"], ["lke.CreateAttributeLabel"], ["lke.CreateRejectedQuestion"], ["lke.CreateVar"], ["lke.CreateSharedKnowledge"], ["lke.CreateDocCate"], ["lke.CreateQACate"], ["adp.CreateAgent"], ["adp.CreateConversation"], ["adp.CreateAppTrigger"], ["adp.RunAppTriggerNow"], ["adp.CreateChannel"], ["adp.CreatePlugin"], ["adp.CreateSkill"], ["adp.CreateSkillShare"], ["adp.CreateSpace"], ["adp.CreateMsgRecordCategory"], ["lke.ExportQAList"], ["lke.CreateWorkflowRun"], ["lkeap.CreateReconstructDocumentFlow", LONG], ["lkeap.CreateReconstructDocumentFlow"], ["lkeap.CreateSplitDocumentFlow"]];

export const canBeMade = (name) => /^(Doc|Qa|Attribute|Label|Rejected|Var|Knowledge|Kb|Cate|Agent|Conversation|Trigger|Channel|Plugin|Skill|Space|Task|BizIds|Record|Refer|Reply|Release|WorkflowRun|NodeRun|Instance|Version|ConflictGroup|ToolName)/.test(name);

export async function makeSpecimens(uin) {
  // How many were made; what is there already is refused.
  await post(`/accounts/${uin}/specimens`);
  let made = 0;
  for (const [key, file] of MAKERS) {
    const { request } = await get(`/accounts/${uin}/examples/${key}`);
    if (file) request.FileUrl = request.FileUrl.replace(...file);
    made += await call(uin, key, request).then(() => 1, () => 0);
  }
  return made;
}
