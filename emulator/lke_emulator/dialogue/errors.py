"""How a dialogue fails: the documented codes, in Chinese as observed or in English."""

from typing import Any

from lke_emulator.models.rules import Failure

TEXTS: dict[int, tuple[str, str]] = {
    400: ("请求参数错误, 请参阅接入文档.", "Bad request parameters, see the access document."),
    403: ("拒绝访问", "Access refused"),
    500: ("系统内部错误", "Internal error"),
    460001: ("Token 校验失败", "The token was not accepted"),
    460002: ("事件处理器不存在", "There is no handler for the event"),
    460004: ("机器人不存在", "The app does not exist"),
    460006: ("消息不存在或无权限操作", "The message does not exist, or is not yours"),
    460007: ("会话创建失败", "The conversation could not be made"),
    460008: ("Prompt 渲染失败", "The prompt could not be made"),
    460009: ("访客不存在", "The visitor does not exist"),
    460010: ("会话不存在或无权限操作", "The conversation does not exist, or is not yours"),
    460011: ("当前应用并发已超限", "Too many calls of the model at the same time"),
    460020: ("模型请求超时", "The model did not answer in time"),
    460021: ("知识库未发布", "The knowledge base has not been released"),
    460022: ("访客创建失败", "The visitor could not be made"),
    460023: ("评价消息失败", "The message cannot be rated"),
    460024: ("标签不合法", "The label is not legal"),
    460025: ("图像识别失败", "The picture could not be read"),
    460026: ("应用已停用或欠费", "The app was stopped, or its account is overdue"),
    460030: ("应用类型不支持该请求", "The app's type does not support the request"),
    460031: ("当前应用 QPS 超限", "Too many questions to the app in a second"),
    460032: ("当前应用模型余额不足", "Nothing is left that pays for the app's model"),
    460033: ("应用不存在或无权限操作", "The app does not exist, or is not yours"),
    460034: ("输入内容过长", "The input is too long"),
    460035: ("计算内容过长，已停止", "The content became too long and was stopped"),
    460036: ("任务流程预览参数错误", "The parameters of the preview of a task flow are wrong"),
    460037: ("搜索资源用尽", "Nothing is left that pays for searches"),
    460038: ("应用ID行为异常", "The behaviour of the app's id is abnormal"),
    460039: ("消息记录不合法", "The message record is not legal"),
    460048: ("应用未发布", "The app has not been released"),
    460100: ("工作流已关闭", "Workflows are off"),
    460101: ("工作流运行异常", "The workflow failed"),
    460102: ("工作流未启用", "The workflow is not enabled"),
    460103: ("工作流未调试", "The workflow has not been debugged"),
    460104: ("工作流已删除", "The workflow was deleted"),
    460105: ("工作流未发布", "The workflow has not been released"),
    460106: ("引用的工作流不可用", "A workflow that it refers to cannot be used"),
    460107: ("未选择工作流", "No workflow was chosen"),
    460301: ("系统内部错误", "Internal error"),
    460400: ("事件不存在", "There is no such event"),
    460401: ("处理超时", "Processing took too long"),
    460501: ("输入内容不合规", "The input is not allowed"),
    460502: ("输出内容不合规", "The output is not allowed"),
    460600: ("分享信息不存在", "There is no such share"),
    460701: ("专属并发超限", "The dedicated concurrency is used up"),
    460702: ("专属并发余额不足", "Nothing is left of the dedicated concurrency"),
    460711: ("空间 TPM 超限", "The space's tokens per minute are used up"),
    460712: ("空间 QPM 超限", "The space's requests per minute are used up"),
    460713: ("空间每日 Token 超限", "The space's tokens of the day are used up"),
    460721: ("应用 TPM 超限", "The app's tokens per minute are used up"),
    460722: ("应用 QPM 超限", "The app's requests per minute are used up"),
    460723: ("应用每日 Token 超限", "The app's tokens of the day are used up"),
    460800: ("不支持的 Widget 动作", "The action of the widget is not supported"),
    460801: ("Widget 不存在", "There is no such widget"),
    460802: ("未知的 Widget 澄清", "The clarification by a widget is not known"),
    460916: ("Skill 运行环境未配置", "The runtime of skills is not configured"),
    460917: ("Skill 运行环境不可用", "The runtime of skills is not available"),
    460918: ("Claw 未配置", "Claw is not configured"),
    460919: ("会话ID已存在", "There is a conversation of that id already"),
    460920: ("工作空间不存在", "There is no such workspace"),
    460921: ("无工作空间权限", "The workspace is not yours"),
    460922: ("不支持的沙箱类型", "The type of the sandbox is not supported"),
    460923: ("无关联会话", "There is no linked conversation"),
    4505004: ("应用密钥无效", "The app key is not valid"),
}
"""Chinese of 400, 460001, 460004, 460048 and 4505004 is observed word for word; the others say what is documented of them."""
RULES = {"20031": 460032, "20034": 460011, "20059": 460034}
"""A rule's code of the OpenAI-compatible endpoint, as a dialogue says it (inferred)."""


class DialogueError(Exception):
    """A refusal, or what an answer failed with. `reason` is for the journal alone."""

    def __init__(self, code: int, message: str = "", reason: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.reason = reason

    def text(self, language: str) -> str:
        zh, en = TEXTS.get(self.code, TEXTS[500])
        return self.message or (en if language == "en-US" else zh)


def bad(why: str) -> DialogueError:
    return DialogueError(400, reason=why)


def of_rule(failure: Failure) -> DialogueError:
    """The error that a scenario asks for; of a code that no dialogue knows a model that does not answer."""
    code = RULES.get(failure.code) or (int(failure.code) if failure.code.isdecimal() else 0)
    return DialogueError(code if code in TEXTS else 460020, failure.message)


def told(error: DialogueError, language: str) -> dict[str, Any]:
    return {"code": error.code, "message": error.text(language)}
