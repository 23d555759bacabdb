"""What a page reads once: within one reading only, and apart by arguments."""

from contextlib import suppress

from crm.reading import moment, one_reading, read_once


def test_reading_asks_once_for_the_same_arguments_and_forgets_with_the_page():
    asked: list[tuple[int, str]] = []

    @read_once
    def found(number: int, *, kind: str = "") -> int:
        asked.append((number, kind))
        return len(asked)

    assert [found(1), found(1)] == [1, 2]
    with one_reading():
        assert [found(1), found(1), found(2), found(1, kind="x"), found(1)] == [3, 3, 4, 5, 3]
        assert [found(number=1), found(1, kind=""), found(kind="x", number=1)] == [3, 3, 5]
        with one_reading():
            assert found(1) == 3
        assert found(2) == 4
    assert found(1) == 6


def test_what_cannot_be_read_is_asked_for_again():
    asked: list[int] = []

    @read_once
    def refusing() -> None:
        asked.append(1)
        raise LookupError

    with one_reading():
        for _turn in range(2):
            with suppress(LookupError):
                refusing()
    assert len(asked) == 2


def test_moment_of_a_page_stands_still():
    with one_reading():
        assert moment() == moment()
    assert moment() < moment()
