"""Where conversations come from: the types of the cloud, and what the calls of each are called in usage."""

VISITOR, EVALUATION, API, DEBUGGING, SHARE = 1, 2, 5, 10, 20
"""Type (documented)."""
TEST_CALL = "对话测试"
CALL_TYPES = {
    VISITOR: "对话调用-分享用户端对话",
    EVALUATION: "应用评测",
    API: "对话调用-API对话",
    DEBUGGING: TEST_CALL,
    SHARE: "对话调用-分享用户端对话",
}
"""Type -> CallType of its usage; the first text is documented, the others are inferred from their names."""
DRAFTS = (EVALUATION, DEBUGGING)
"""Types whose dialogues are with the draft: evaluation and debugging (inferred)."""
KNOWLEDGE_QA, SEARCH = "KnowledgeQA", "SearchEngine"
"""SubBizTypes of what a dialogue uses."""
