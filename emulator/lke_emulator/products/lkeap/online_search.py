"""What a chat with EnableSearch finds: seeded pages about the words of the question, on hosts that do not exist."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.primitives.seeds import number

SITES = ("Example Encyclopedia", "Example News", "Example Docs", "Example Forum")
DAY = 86400
OLDEST = 365


def search(call: Call) -> list[dict[str, Any]]:
    """As many as the assumption `search_results` says, the same for the same question and account."""
    from lke_emulator.models.prose import answer, topics

    question: str = call.params["Messages"][-1]["Content"]
    seed = call.account.seed
    about = " · ".join(topics(question))
    today = int(call.now) // DAY
    found = []
    for index in range(1, call.assumptions.search_results + 1):
        chosen = number("search", seed, question, index)
        host = f"https://{SITES[chosen % len(SITES)].lower().replace(' ', '-')}.example"
        found.append(
            {
                "Index": index,
                "Url": f"{host}/{chosen % 10**8:08}",
                "Name": f"{about} ({index})",
                "Snippet": answer(question, chosen),
                "Icon": f"{host}/favicon.ico",
                "Site": SITES[chosen % len(SITES)],
                "PublishedTime": (today - chosen % OLDEST) * DAY,
            }
        )
    return found
