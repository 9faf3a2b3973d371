"""What a reply means, word by word; the table of verbs and codes is tried against a server in test_relay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multimail.adapters.transport.outcome import TEXT_LIMIT, Stage, Verdict, lost, of_reply, one_line
from multimail.core.failpoints import FAILPOINTS


def test_the_enhanced_code_is_taken_out_of_every_line() -> None:
    verdict = of_reply(Stage.RCPT, 550, "5.7.26 Not accepted\n5.7.26 see the manual")
    assert verdict == Verdict("failed", 550, "5.7.26", "Refused at RCPT: Not accepted see the manual")


def test_an_enhanced_code_of_another_class_than_the_reply_is_only_text() -> None:
    assert of_reply(Stage.RCPT, 450, "5.1.1 hm") == Verdict("retry", 450, "", "Refused at RCPT: 5.1.1 hm")


def test_a_reply_without_words_still_has_a_text() -> None:
    assert of_reply(Stage.DATA, 554, "").text == "Refused at DATA"


def test_a_refused_sign_in_points_at_the_setting_and_is_tried_again() -> None:
    verdict = of_reply(Stage.AUTH, 535, "5.7.8 no")
    assert (verdict.kind, verdict.enhanced) == ("retry", "5.7.8")
    assert verdict.text == "The relay refused this server's sign-in; check the relay setting: no"


def test_a_lost_connection_is_unknown_only_after_the_dot() -> None:
    assert lost(Stage.BODY, "gone").kind == "retry"
    assert lost(Stage.REPLY, "gone", dot_written=True).kind == "unknown"


@pytest.mark.parametrize("hostile", ["a\r\nb", "a\x1b[31mb", "a\u202eb", "a\udcffb", "a\x00b", "a\u2028b"])
def test_a_relays_words_become_one_printable_line(hostile: str) -> None:
    line = one_line(hostile)
    assert (line[0], line[-1], line.isprintable()) == ("a", "b", True)


@given(st.text(st.characters(codec=None), max_size=2_000), st.sampled_from(Stage), st.integers(-1, 999))
def test_whatever_is_said_the_text_is_bounded_printable_and_storable(
    words: str, stage: Stage, code: int
) -> None:
    verdict = of_reply(stage, code, words)
    assert len(verdict.text) <= TEXT_LIMIT
    assert verdict.text.isprintable()
    verdict.text.encode()


@given(st.sampled_from(Stage), st.integers(-1, 999))
def test_only_the_answer_to_the_dot_can_be_sent_or_unknown(stage: Stage, code: int) -> None:
    kind = of_reply(stage, code, "").kind
    assert stage is Stage.REPLY or kind in {"retry", "failed"}
    assert (kind == "sent") == (stage is Stage.REPLY and 200 <= code <= 299)


def test_every_stage_has_its_failpoint() -> None:
    assert [stage for stage in Stage if stage.failpoint not in FAILPOINTS] == [Stage.REPLY]
