import base64
import codecs
import gzip
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from yudi.core.errors import InputError, LimitError
from yudi.formats.sheets import Sheet, SheetLimits, read_sheets, read_table, write_table

# An .xls file made for these tests: a merged title, wide headers, a merged unit code, a row of totals.
OLD_EXCEL = gzip.decompress(
    base64.b64decode(
        "H4sIAAAAAAACA+1YS0gVURj+zpm5T7x6fYIGIkJW5mJUgjZ6e1AGoXhTqSQqH5cI5RqXgkxIy1xJELSIos0FIdrYY9GDQmoTLYKk"
        "FkEQaNGqRQUFLdTpP/+cIbW78EKJxXzD+c85//9/c/45rzkz0y/zZ9J3ymaxDI0wsGCH4F+kE5RCbiUKstu2Krp5kJLt4Z9CKEgD"
        "6ffhUeRFQI2hGu9ZSNw2n5IE3lM6hBNoGUgmKlYROziGLqFiaCApcJ00uSjlqApY9rAsZHmLPR+z3MaaiywbyHdGdOJlrKV6q57F"
        "B2Ql23Kh7nufOW9ZU4tiPFezePiScHx92J463tW/Ng3lZg4mQOPWlEgmUl39MyiiAZzAd7sC+Oau1CcVnn519QKk/7FUH8igvyxN"
        "YAT2UZ7gY8iB31QWKXzJjrY5muBBva36IaaPycPP4om4MgUg0kM3ejradsZLhsXpMG3WItIO68sgWbqvfB4M2nvtZvsuQnYE6Nyz"
        "xbJqrbo6y7LqBUTdKRIHW6jNYHt6PKx2dd4Fokt2gQivjhySvcjjcj6vkSgFNHfz66vm7tbYEdaMcIjO+2G9eiTYOKcYRM5li4+l"
        "QamaGZtZnue7ruNyGcsi8qS8qrVYF3aPss8FtlZRO/WM17ENi8obqTz2Kf6gfOxDbBOVJ5tmzxRNvomlUUnvq17iq2sUNaJGXLuq"
        "8DDm5kLvJe9Ylv62rwRlVMdu65dgHuYR5mI+yymuqd5R/aP8RQZ/wf5KOjW3N52apJqhW5MZ2JLZpvZ3xkL16Vmpaoo9XuiwjWXs"
        "KeoPQ8equAZz/ZprMLdct2xmaNlkbkD7m+w/RISP3G+S7+1ColEW4J4KlvbgXwjDgwcPHjx48ODBw1qB4HObczY39UldnQ4D+r/O"
        "PKUF7zfJf4t9GKDrJH2Y7kKS8hQGs5o/JfAJ915ihRz3f6HCfmo9hT50cxx9Wc9f+goRi59nxcTon1tC2ba/kE2cf7n9nymF6tcA"
        "FgAA"
    )
)
LIST = "管控单元编码,名称\nZH50010220003,甲园区\n"
ROLES = {
    "code": ["管控单元编码", "HJGKDYBM"],
    "name": ["名称", "HJGKDYMC"],
    "space": ["空间布局约束", "KJBJYS"],
    "emission": ["污染物排放管控", "PWWPFGK"],
}


def saved(path: Path, fill) -> Path:
    """Save a workbook that a function fills."""
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


def with_sheet_xml(path: Path, xml: bytes) -> Path:
    """Save a workbook whose only sheet is the given XML."""
    source = io.BytesIO()
    openpyxl.Workbook().save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, xml if name.endswith("sheet1.xml") else old.read(name))
    return path


def sheet_xml(rows: str) -> bytes:
    """Return the XML of a sheet with the given rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def of(*rows, merged=()) -> Sheet:
    """Return a sheet with the given rows."""
    width = max(map(len, rows), default=0)
    return Sheet("list.xlsx", "清单", tuple((*row, *[None] * (width - len(row))) for row in rows), merged)


# Reading files


def test_cells_of_a_workbook_come_as_plain_values(tmp_path):
    """Texts are trimmed but keep inner breaks; whole numbers are int; days are dates; truths are truths."""

    def fill(book):
        book.active.append(
            [" 甲\r\n乙\n", 2614.0, 2.5, date(2024, 3, 19), datetime(2024, 3, 19, 5), True, None, "\u3000"]
        )
        book.active.append([None, None, None, None, None, None, None, "x"])

    (sheet,) = read_sheets(saved(tmp_path / "list.xlsx", fill))

    assert sheet.cells[0] == ("甲\n乙", 2614, 2.5, date(2024, 3, 19), datetime(2024, 3, 19, 5), True, None, None)
    assert isinstance(sheet.cells[0][1], int)


def test_merged_ranges_are_filled_and_rows_keep_their_numbers(tmp_path):
    """An empty first row stays, and a value that spans cells is in all of them."""

    def fill(book):
        book.active["B2"] = "甲"
        book.active.merge_cells("B2:C3")
        book.active["D4"] = 1

    (sheet,) = read_sheets(saved(tmp_path / "list.xlsx", fill))

    assert sheet.cells == ((None,) * 4, (None, "甲", "甲", None), (None, "甲", "甲", None), (None, None, None, 1))
    assert sheet.merged == ((1, 1, 2, 2),)


def test_all_worksheets_are_read_and_one_can_be_named(tmp_path):
    """Empty sheets are there without cells, hidden ones with a finding; an unknown name lists the known."""

    def fill(book):
        book.active["A1"] = 1
        book.create_sheet("空")
        hidden = book.create_sheet("附表")
        hidden["A1"] = 2
        hidden.sheet_state = "hidden"

    path = saved(tmp_path / "list.xlsx", fill)
    sheets = read_sheets(path)

    assert [(sheet.name, sheet.cells) for sheet in sheets] == [("Sheet", ((1,),)), ("空", ()), ("附表", ((2,),))]
    assert [finding.kind for finding in sheets[2].findings] == ["sheet_hidden"]
    assert read_sheets(path, sheet="附表") == sheets[2:]
    with pytest.raises(InputError, match="附表"):
        read_sheets(path, sheet="清单")


def test_an_old_excel_file_is_read(tmp_path):
    """An .xls file gives the same plain cells, its merged ranges filled."""
    path = tmp_path / "old.xls"
    path.write_bytes(OLD_EXCEL)
    (sheet,) = read_sheets(path)

    table = read_table(sheet, {**ROLES, "area": ["面积"]}, required=["code", "name", "area"])

    assert [(row, values["code"], values["area"]) for row, values in table.rows] == [
        (3, "ZH50010220003", 12.5),
        (4, "ZH50010220003", 7),
        (5, "合计", 19.5),
    ]


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (LIST.encode(), []),
        (LIST.encode("utf-8-sig"), []),
        (LIST.encode("gbk"), ["encoding_guessed"]),
        (LIST.encode("utf-16"), []),
        (codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"), []),
        (("a,b\n" * 20 + LIST).encode("utf-16-le")[160:], []),
        (LIST.replace(",", ";").encode(), []),
        (LIST.replace(",", "\t").encode(), []),
        (LIST.replace("\n", "\r\n").encode(), []),
        (("sep=;\n" + LIST.replace(",", ";")).encode(), []),
    ],
)
def test_text_files_are_read_in_any_usual_encoding_and_separator(tmp_path, content, kinds):
    """UTF-8 with or without mark, GBK, UTF-16; comma, semicolon, tab, and the separator that Excel declares."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    (sheet,) = read_sheets(path)

    assert sheet.cells == (("管控单元编码", "名称"), ("ZH50010220003", "甲园区"))
    assert sheet.name == "list"
    assert [finding.kind for finding in sheet.findings] == kinds


def test_four_byte_letters_of_gb18030_are_read(tmp_path):
    """Rare letters in names of places take four bytes there."""
    path = tmp_path / "list.csv"
    path.write_bytes("编码,名称\nZH1,㽏𠮷镇\n".encode("gb18030"))

    assert read_sheets(path)[0].cells[1] == ("ZH1", "㽏𠮷镇")


def test_separators_inside_numbers_and_quotes_do_not_mislead(tmp_path):
    """Decimal commas lie between semicolons; quoted texts keep separators and line breaks and are one row."""
    path = tmp_path / "list.csv"
    path.write_text('编码;面积;要求\nZH1;1,5;"1.禁止；\n2.限制, 严控; 等"\n\nZH2;2,5;无\n', encoding="utf-8")

    assert read_sheets(path)[0].cells == (
        ("编码", "面积", "要求"),
        ("ZH1", "1,5", "1.禁止；\n2.限制, 严控; 等"),
        (None, None, None),
        ("ZH2", "2,5", "无"),
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.csv", b"", "empty"),
        ("list.csv", b"\xef\xbb\xbf \n,,\n", "blanks"),
        ("list.csv", b'a,b\n"c,d\n', "quotation"),
        ("list.csv", LIST.encode()[:-3], "broken letter"),
        ("list.csv", LIST.encode() + b"\xff" + LIST.encode(), "broken letter"),
        ("list.csv", b"a,b\n\x01\x02,c\n", "letters"),
        ("list.csv", b"PK\x03\x04 and so on", "Excel"),
        ("list.csv", b"\xff\xfea", "utf-16"),
        ("list.csv", b"\x81\x30,\xff\xff\n", "gb18030"),
        ("list.xlsx", b"", "empty"),
        ("list.xlsx", LIST.encode(), "something else"),
        ("list.xlsx", b"\n<html><table>", "web page"),
        ("list.xls", b"<table>", "web page"),
        ("list.xlsx", OLD_EXCEL, "old .xls"),
        ("list.xls", b"PK\x03\x04", "xlsx"),
        ("list.xls", OLD_EXCEL[:3000], "cut or damaged"),
        ("list.xlsx", b"PK\x03\x04" * 100, "cut or damaged"),
        ("list.xlsx", OLD_EXCEL[:512] + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("list.ods", b"x", ".xlsx"),
        ("list", b"x", ".xlsx"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(tmp_path, name, content, words):
    """Empty, cut, protected files and wrong endings are errors that name the file and the next step."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(InputError) as caught:
        read_sheets(path)

    assert words in caught.value.message
    assert caught.value.where.file == name
    assert caught.value.hint


def test_a_protected_old_excel_file_is_refused(tmp_path):
    """A FILEPASS record (0x2F) after the first record says that the rest is encrypted."""
    begin = OLD_EXCEL.index(b"\x09\x08\x10\x00")
    path = tmp_path / "old.xls"
    path.write_bytes(OLD_EXCEL[: begin + 20] + b"\x2f\x00" + OLD_EXCEL[begin + 22 :])

    with pytest.raises(InputError, match="password"):
        read_sheets(path)


def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path):
    """The message names what is not there."""
    (tmp_path / "folder.csv").mkdir()

    for name in ("none.csv", "folder.csv"):
        with pytest.raises(InputError, match=name):
            read_sheets(tmp_path / name)


def test_every_truncation_of_a_workbook_is_refused(tmp_path):
    """A half-copied .xlsx is an InputError wherever it was cut."""
    whole = saved(tmp_path / "whole.xlsx", lambda book: book.active.append(["甲"])).read_bytes()
    path = tmp_path / "cut.xlsx"

    for end in range(1, len(whole), len(whole) // 40):
        path.write_bytes(whole[:end])
        with pytest.raises(InputError):
            read_sheets(path)


def test_a_declared_encoding_is_taken_at_its_word(tmp_path):
    """Big5 is never guessed, but read where it is declared; an unknown one is refused."""
    path = tmp_path / "list.csv"
    path.write_bytes("編碼,名稱\nZH1,甲\n".encode("big5"))

    assert read_sheets(path, encoding="big5")[0].cells[0] == ("編碼", "名稱")
    for encoding in ("klingon", "base64", "utf-8"):
        with pytest.raises(InputError, match=encoding):
            read_sheets(path, encoding=encoding)


@pytest.mark.parametrize(
    "limits",
    [SheetLimits(file_bytes=10), SheetLimits(rows=1), SheetLimits(columns=1), SheetLimits(cells=3)],
)
def test_more_than_a_limit_is_refused(tmp_path, limits):
    """Every limit holds for both kinds of file."""
    text = tmp_path / "list.csv"
    text.write_text(LIST, encoding="utf-8")
    book = saved(tmp_path / "list.xlsx", lambda book: [book.active.append(row) for row in (["a", "b"], ["c", "d"])])

    for path in (text, book):
        with pytest.raises(LimitError):
            read_sheets(path, limits=limits)


def test_more_sheets_or_more_packed_bytes_than_allowed_are_refused(tmp_path):
    """Limits that only a workbook can break."""
    path = saved(tmp_path / "list.xlsx", lambda book: [book.create_sheet(), book.active.append(["a"])])

    for limits in (SheetLimits(sheets=1), SheetLimits(unpacked_bytes=1000)):
        with pytest.raises(LimitError):
            read_sheets(path, limits=limits)


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        NEAR + FAR,
        NEAR + FAR.replace('"', "'"),
        NEAR + FAR.replace("<c ", "<c\n"),
        NEAR + FAR.replace("<c ", '<c q=">" '),
        NEAR + FAR.replace("<c ", '<c q-r="A1" '),
        NEAR + FAR.replace("<c ", '<c r="A1" '),
        NEAR + FAR.replace("XFD", "$XFD$"),
        NEAR + '<row r="1048576">' + "<c><v>1</v></c>" * 2500 + "</row>",
    ],
)
def test_two_far_cells_do_not_take_the_memory_of_all_between(tmp_path, rows):
    """The reader would ask for the whole rectangle and bring the process down; such a file is refused before."""
    path = with_sheet_xml(tmp_path / "list.xlsx", sheet_xml(rows))

    with pytest.raises((LimitError, InputError)):
        read_sheets(path)


def test_far_cells_without_content_do_no_harm(tmp_path):
    """Whole formatted columns are common and empty; cells without a place count on."""
    formatted = with_sheet_xml(tmp_path / "a.xlsx", sheet_xml(NEAR + FAR.replace("><v>1</v></c>", ' s="1"/>')))
    placeless = with_sheet_xml(tmp_path / "b.xlsx", sheet_xml("<row><c><v>1</v></c><c><v>2</v></c></row>" * 3))

    assert read_sheets(formatted)[0].cells == ((1,),)
    assert read_sheets(placeless)[0].cells == ((1, 2),) * 3


def test_a_workbook_that_claims_more_texts_than_memory_holds_is_refused(tmp_path):
    """The reader believes the claim and aborts its process; ours goes on."""
    path, source = tmp_path / "list.xlsx", io.BytesIO()
    openpyxl.Workbook().save(source)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    link = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    link += 'sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            is_links = name == "xl/_rels/workbook.xml.rels"
            new.writestr(name, data.replace(b"</Relationships>", link.encode()) if is_links else data)
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}" uniqueCount="999999999999"><si><t>x</t></si></sst>')

    with pytest.raises(InputError, match="gave up"):
        read_sheets(path)


def test_a_reader_that_takes_too_long_is_stopped(tmp_path):
    """The limit on time holds for the second process too."""
    path = tmp_path / "old.xls"
    path.write_bytes(OLD_EXCEL)

    with pytest.raises(LimitError, match="seconds"):
        read_sheets(path, limits=SheetLimits(seconds=0))


# Finding columns


@pytest.mark.parametrize(
    ("rows", "header_row"),
    [
        ([["管控单元编码\n", "名　称", "空间\n布局约束"], ["ZH1", "甲", "1.禁止"]], 1),
        (
            [
                ["某市清单", "某市清单", "某市清单"],
                [None],
                ["管控单元编码", "名称：", "*空间布局约束"],
                ["ZH1", "甲", "1.禁止"],
            ],
            3,
        ),
        ([["ＨＪＧＫＤＹＢＭ", "hjgkdymc", "KJBJYS(文字)"], ["ZH1", "甲", "1.禁止"]], 1),
        ([["管控单元编码", "名称", "管控要求"], [None, None, "空间布局约束"], ["ZH1", "甲", "1.禁止"]], 2),
        ([["管控单元编码", "名称", "管控要求"], ["管控单元编码", "名称", "空间布局约束"], ["ZH1", "甲", "1.禁止"]], 2),
    ],
)
def test_headers_are_found_however_they_are_laid_out(rows, header_row):
    """Breaks, wide letters, marks, brackets, titles above and groups do not hide a column."""
    table = read_table(of(*rows), ROLES, required=["code", "space"])

    assert table.header_row == header_row
    assert table.rows == ((header_row + 1, {"code": "ZH1", "name": "甲", "space": "1.禁止"}),)
    assert table.unknown == ()


def test_a_group_tells_equal_titles_apart():
    """Two columns with one title each answer to group and title together."""
    sheet = of(["编码", "现状", None, "规划", None], [None, "面积", "个数", "面积", "个数"], ["ZH1", 1, 2, 3, 4])

    table = read_table(sheet, {"code": ["编码"], "planned": ["规划面积"]}, required=["planned"])

    assert table.rows[0][1] == {"code": "ZH1", "*现状/面积": 1, "*个数": 2, "planned": 3, "*个数 (2)": 4}
    assert table.columns == {"code": "编码", "planned": "规划/面积"}
    assert table.unknown == ("现状/面积", "个数", "个数 (2)")


def test_repeated_headers_empty_rows_and_column_numbers_are_left_out_but_totals_kept():
    """What a printed list repeats on each page is no data; every skipped row is a finding."""
    head = ["管控单元编码", "名称", "备注", "序号"]
    sheet = of(
        ["某市清单"], head, [1, 2, 3, 4], ["ZH1", "甲", None, 1], [None], ["某市清单"], head, ["ZH2"], ["合计", 2]
    )

    table = read_table(sheet, ROLES)

    assert [(row, values["code"], values["name"]) for row, values in table.rows] == [
        (4, "ZH1", "甲"),
        (8, "ZH2", None),
        (9, "合计", 2),
    ]
    assert [(finding.kind, finding.where.row) for finding in table.findings] == [
        ("column_numbers", 3),
        ("header_repeated", 6),
        ("header_repeated", 7),
    ]


def test_columns_without_a_role_are_carried_and_named():
    """Unknown headers come back as printed, a column without header by its letters, an empty one not at all."""
    table = read_table(of(["名称", "备\n注", None, None], ["甲", "x", 3, None]), ROLES)

    assert table.unknown == ("备\n注", "(C)")
    assert table.rows[0][1] == {"name": "甲", "*备\n注": "x", "*(C)": 3}
    assert [finding.kind for finding in table.findings] == ["header_missing"]


def test_a_near_miss_is_reported_and_not_used():
    """A header that misses a role's spelling by a letter may be it; a person decides."""
    table = read_table(of(["indsutry", "名称", "管控单元编号"], ["C26", "甲", "ZH1"]), {**ROLES, "industry": []})

    assert set(table.columns) == {"name"}
    assert [(finding.kind, finding.where.field) for finding in table.findings] == [
        ("header_near", "indsutry"),
        ("header_near", "管控单元编号"),
    ]


@pytest.mark.parametrize("second", ["名称", "HJGKDYMC", "名称(全称)"])
def test_two_columns_for_one_role_are_refused_by_name(second):
    """Neither is guessed; a header that fits without its bracket goes first."""
    sheet = of(["管控单元编码", "名称", second], ["ZH1", "甲", "乙"])

    if second.endswith(")"):
        assert read_table(sheet, ROLES).columns["name"] == "名称"
        return
    with pytest.raises(InputError, match=f"'名称'.*'{second}'") as caught:
        read_table(sheet, ROLES)
    assert caught.value.where.field == "name"


def test_a_header_merged_over_two_columns_is_one_column():
    """A cell that spans two columns prints its title once; columns below that differ are refused."""
    rows = [["名称", "名称", "管控单元编码"], ["甲", "甲", "ZH1"], ["乙", None, "ZH2"]]
    merged = ((0, 0, 0, 1),)

    assert [values["name"] for _, values in read_table(of(*rows, merged=merged), ROLES).rows] == ["甲", "乙"]
    with pytest.raises(InputError, match="名称"):
        read_table(of(*rows, ["丙", "丁", "ZH3"], merged=merged), ROLES)


def test_a_missing_required_column_lists_what_is_there_and_the_nearest():
    """The message lets a person mend the header without opening the manual."""
    with pytest.raises(InputError) as caught:
        read_table(of(["单元编码", "名称"], ["ZH1", "甲"]), ROLES, required=["code"])

    assert "'管控单元编码'" in caught.value.message
    assert "'单元编码', '名称'" in caught.value.message
    assert "'单元编码'" in caught.value.hint
    assert (caught.value.where.row, caught.value.where.field) == (1, "code")


@pytest.mark.parametrize("rows", [[], [["甲", "乙"]], [[None]] * 10 + [["名称"]]])
def test_a_sheet_without_header_is_refused(rows):
    """No row among the first ten names a column."""
    with pytest.raises(InputError, match="header"):
        read_table(of(*rows), ROLES)


def test_a_required_role_must_be_one_of_the_roles():
    """A wrong call is told apart from a wrong list."""
    with pytest.raises(InputError, match="river"):
        read_table(of(["名称"]), ROLES, required=["river"])


# Writing files

ROWS = [
    ["ZH1", "=HYPERLINK(1)", 1.5, date(2024, 3, 19), True],
    ["0111", "@x\n乙", 2, datetime(2024, 3, 19, 5), None],
    ["-", "+1-2", -3, None, False],
]


def test_a_written_workbook_reads_back_and_runs_nothing(tmp_path):
    """Cells keep their kinds; what looks like a formula is stored as text."""
    path = tmp_path / "out.xlsx"
    write_table(path, ["code", "=text", "number", "day", "truth"], ROWS, sheet="清单", widths=[20, None, 8])
    (sheet,) = read_sheets(path)

    assert sheet.name == "清单"
    assert [list(row) for row in sheet.cells[1:]] == ROWS
    cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} <= {"s", "inlineStr"}


def test_a_written_text_file_reads_back_and_runs_nothing(tmp_path):
    """It begins with the mark that Excel needs; no field begins as a formula does, and reading takes the guard off."""
    path = tmp_path / "out.csv"
    write_table(path, ["code", "=text", "number", "day", "truth"], ROWS)
    content = path.read_bytes()

    assert content.startswith(codecs.BOM_UTF8 + b"code,'=text,")
    assert b"\r\n-," not in content
    assert read_sheets(path)[0].cells == (
        ("code", "=text", "number", "day", "truth"),
        ("ZH1", "=HYPERLINK(1)", "1.5", "2024-03-19", "TRUE"),
        ("0111", "@x\n乙", "2", "2024-03-19 05:00:00", None),
        ("-", "+1-2", "-3", None, "FALSE"),
    )


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_the_same_rows_are_the_same_bytes(tmp_path, name, monkeypatch):
    """No time of writing is in the file."""
    contents = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_table(tmp_path / folder / name, ["a", "b"], [["x", 1], ["y", 2]])
        contents.append((tmp_path / folder / name).read_bytes())

    assert contents[0] == contents[1]
    if name.endswith("xlsx"):
        with zipfile.ZipFile(tmp_path / "a" / name) as package:
            assert {part.date_time[0] for part in package.infolist()} == {1980}
            assert b"1980-01-01" in package.read("docProps/core.xml")
            assert b"202" not in package.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("name", "rows", "kind"),
    [
        ("out.docx", [], InputError),
        ("out.xlsx", [["too", "many"]], InputError),
        ("out.csv", [[["a", "list"]]], InputError),
        ("out.csv", [[float("inf")]], InputError),
        ("out.xlsx", [["x" * 40_000]], LimitError),
        ("missing/out.csv", [["x"]], InputError),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path, name, rows, kind):
    """The folder is as it was."""
    with pytest.raises(kind):
        write_table(tmp_path / name, ["a"], rows)

    assert list(tmp_path.iterdir()) == []


def test_a_sheet_name_that_excel_refuses_is_refused(tmp_path):
    """Excel would call the file damaged."""
    for name in ("", "a/b", "x" * 32, "'a"):
        with pytest.raises(InputError, match="sheet name"):
            write_table(tmp_path / "out.xlsx", ["a"], [], sheet=name)


def test_letters_that_no_file_holds_are_replaced(tmp_path):
    """Control letters and half surrogates become a visible mark, NaN becomes empty."""
    for name in ("out.csv", "out.xlsx"):
        write_table(tmp_path / name, ["a", "b"], [["x\0y\ud800", float("nan")], ["z", 1]])

        assert read_sheets(tmp_path / name)[0].cells[1] == ("x\ufffdy\ufffd", None)
