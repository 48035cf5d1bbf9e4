"""The law of saving: whatever has happened in an account, what is made from its snapshot answers every further call of every
surface as the original does, byte for byte, and neither notices the other."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import CHANGES, ROOT, Step, begun, everything
from lke_emulator.account.snapshot import copied_account, read_snapshot, restore, save, write

histories = st.lists(CHANGES, max_size=9)


@settings(max_examples=16, deadline=None)
@given(before=histories, after=histories)
def test_what_is_made_from_a_snapshot_answers_every_further_call_alike(before: list[Step], after: list[Step]) -> None:
    original = begun()
    for step in before:
        original.step(step)
    again = original.again()
    assert everything(again) == everything(original)
    for step in after:
        assert again.step(step) == original.step(step), step
    assert everything(again) == everything(original)


@settings(max_examples=10, deadline=None)
@given(before=histories, after=histories)
def test_a_copy_and_its_original_never_notice_each_other(before: list[Step], after: list[Step]) -> None:
    original, alone = begun(), begun()
    for step in before:
        original.step(step)
    alone = original.again()
    copy = copied_account(save(original.world.accounts[ROOT]), "77", "another")
    copy.keys.renew(copy.ids, 48)
    copy.apps.renew(copy.ids)
    original.world.add(copy, [])
    kept = write(save(copy))
    for step in after:
        assert original.step(step) == alone.step(step), step
    assert write(save(copy)) == kept
    assert everything(original) == everything(alone)
    original.world.remove(original.world.accounts[ROOT])
    assert write(save(copy)) == kept


@settings(max_examples=10, deadline=None)
@given(before=histories, after=histories)
@example(before=[("document", "Reconstruct")], after=[("task", "CancelTask", 0)])
def test_a_snapshot_in_hand_stays_whatever_becomes_of_what_was_made_from_it(
    before: list[Step], after: list[Step]
) -> None:
    """A reset may be done twice, so a part keeps nothing of the state that it was restored from."""
    it = begun()
    for step in before:
        it.step(step)
    snapshot = save(it.world.accounts[ROOT])
    text = write(snapshot)
    assert write(read_snapshot(text)) == text
    for _ in range(2):
        for step in after:
            it.step(step)
        everything(it)
        assert write(snapshot) == text
        it.world.replace(restore(snapshot))
