// What the wire says in Chinese, in English: the cloud has it in no other language. Whatever is not here stays as it came.
import { language } from "../words.js";

const ENGLISH = {
  审核中: "in review", 审核失败: "review failed", 导入完成: "imported", 学习中: "learning", 学习失败: "learning failed",
  解析中: "parsing", 解析失败: "parsing failed", 导入失败: "import failed", 已过期: "expired", 超量失效: "beyond capacity",
  超量失效恢复: "being restored", 未校验: "not verified", 不采纳: "turned down", 生成问答成功: "Q&A were generated",
  待发布: "to be released", 发布中: "being released", 发布成功: "released", 发布失败: "release failed", 发布暂停: "release paused", 已发布: "released",
  新增: "added", 修改: "changed", 删除: "deleted",
  本地文档: "uploaded", 网页导入: "from the web", 文档生成: "from a document", 批量导入: "imported", 手动录入: "by hand",
  应用名称: "name", 头像: "picture", 应用描述: "description", 应用模式: "mode", 欢迎语: "greeting", 角色描述: "role", 生成模型: "model", 思考模型: "thinking model",
  输出方式: "output", 流式输出: "streamed", 非流式输出: "not streamed", 通用模型回复开关: "answers from general knowledge", 默认问题回复: "answer where it knows nothing",
  问答最大召回数量: "most Q&A recalled", 回复灵活度: "flexibility", 知识来源问答配置: "Q&A as a source", 知识来源任务流程配置: "workflows as a source",
  文档最大召回数量: "most documents recalled", 知识来源文档配置: "documents as a source", 联网搜索配置: "online search", 上下文指代轮次: "turns remembered",
  其他配置: "other settings", 应用图标变更: "another picture", 关闭: "off", 开启: "on", 已采纳答案直接回复: "accepted answers as they are", 已采纳答案润色回复: "accepted answers reworded",
  "对话调用-分享用户端对话": "dialogue, shared page", "对话调用-API对话": "dialogue, API", 对话测试: "dialogue, test", 应用评测: "evaluation", 未使用: "unused", 全部分类: "all", 未分类: "unsorted",
};

export const wire = (text) => (language.value === "zh" ? text : ENGLISH[text] ?? text);
