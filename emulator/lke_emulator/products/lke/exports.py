"""What an account exports: a table among its objects, which a task tells of when it is done."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from lke_emulator.account.call import Call
from lke_emulator.knowledge.objects import stored


def export(call: Call, base: str, type: str, rows: Iterable[Sequence[str]]) -> str:
    """Write the rows as CSV, as a task of this type; the task's id."""
    account, now = call.account, call.now
    text = StringIO()
    csv.writer(text).writerows(rows)
    path = f"/corp/{account.uin}/{base}/export/{account.snowflakes.next(now)}.csv"
    account.objects.put(stored(path, text.getvalue().encode("utf-8-sig"), now))
    return account.tasks.begin(base, type, call.assumptions.task_s, now, path=path).id
