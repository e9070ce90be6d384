"""Long text files are read piece by piece as if they were read whole."""

from __future__ import annotations

import pytest

from yudi.core.errors import InputError
from yudi.formats import long_texts
from yudi.formats.long_texts import long_text

HEADER = "编码,名称\n"


@pytest.fixture
def pieces_of_16(monkeypatch):
    """Long texts are looked through 16 bytes at a time."""
    monkeypatch.setattr(long_texts, "_CHUNK", 16)


@pytest.mark.parametrize("before", range(16))
def test_a_replacement_mark_across_two_pieces_is_no_broken_letter(tmp_path, pieces_of_16, before):
    """U+FFFD, written as the three bytes of UTF-8, is text wherever the pieces meet."""
    path = tmp_path / "list.csv"
    path.write_text(HEADER + "x" * before + "\ufffd,甲\n", encoding="utf-8")

    assert long_text(path).encoding == "utf-8"


@pytest.mark.parametrize("before", range(16))
def test_replacement_marks_do_not_count_as_broken_letters(tmp_path, pieces_of_16, before):
    """Nineteen letters, ten of them U+FFFD, and one broken byte are UTF-8 with a broken letter; its row is named."""
    path = tmp_path / "list.csv"
    path.write_bytes((HEADER + "x" * before + "\ufffd" * 10 + "\n名称甲乙丙").encode() + b"\xe4,\n")

    with pytest.raises(InputError, match="a broken letter") as caught:
        long_text(path)

    assert caught.value.where.row == 3


def test_a_broken_letter_is_said_before_an_odd_one(tmp_path, pieces_of_16):
    """A control letter in an earlier piece does not hide that the file is cut or pasted together."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"\x01" + (HEADER * 10).encode() + b"\xe4,\n")

    with pytest.raises(InputError, match="a broken letter"):
        long_text(path)


def test_an_odd_letter_in_any_piece_is_refused(tmp_path, pieces_of_16):
    """A control letter in the first of several pieces is refused though the others have none."""
    path = tmp_path / "list.csv"
    path.write_text("\x01" + HEADER * 10, encoding="utf-8")

    with pytest.raises(InputError, match="letters that no text in utf-8 has"):
        long_text(path)


def test_the_other_encodings_are_found_piece_by_piece(tmp_path, pieces_of_16):
    """GB 18030 and UTF-16 without a mark are found as in a short file."""
    gb, wide = tmp_path / "gb.csv", tmp_path / "wide.csv"
    gb.write_text(HEADER * 10, encoding="gb18030")
    wide.write_text("code,name\n" * 10, encoding="utf-16-le")

    assert (long_text(gb).encoding, long_text(wide).encoding) == ("gb18030", "utf-16-le")
