"""The prose of the project is plain: "what" stands in questions and hardly anywhere else (tools/count_prose.py)."""

from __future__ import annotations

import textwrap

from tools.count_prose import Passage, count, folder_of, is_question, passages, passages_of_code, per_thousand, without_code_blocks

MOST_WHATS_PER_THOUSAND = 2.0


def test_the_prose_of_the_project_is_plain() -> None:
    assert per_thousand(passages()) < MOST_WHATS_PER_THOUSAND


def counted(text: str) -> tuple[int, int]:
    words, uses = count(Passage("docs/page.md", 1, "page", text))
    return words, len(uses)


def test_what_counts_outside_questions() -> None:
    assert counted("What was taken is worth 5.") == (5, 1)
    assert counted("What was taken?") == (3, 0)
    assert counted("It asks what it costs. What for? Say what, and what not.") == (12, 3)
    assert counted('It asks "what for?" and goes on.') == (7, 0)
    assert counted("Whatever it is, somewhat later.") == (5, 0)


def test_code_inside_a_sentence_is_a_word_and_no_what() -> None:
    assert counted("Give `what` or ``what``.") == (4, 0)


def test_items_cells_and_paragraphs_are_sentences_of_their_own() -> None:
    assert counted("- what it is\n- why?") == (4, 1)
    assert counted("# What it is\n\nWhy?") == (4, 1)
    assert counted("| what it does | is it so? |") == (6, 1)


def test_a_use_names_its_line_and_sentence() -> None:
    _, uses = count(Passage("docs/page.md", 10, "page", "One line.\nThis is\nwhat it is. More."))
    assert [(use.line, use.sentence) for use in uses] == [(12, "This is what it is.")]


def test_code_blocks_are_left_out() -> None:
    page = "Before.\n\n```python\nwhat = 1\n```\n\nAfter."
    assert counted(without_code_blocks(page)) == (2, 0)
    docstring = "Say it.\n\nExample::\n\n    what = 1\n\nMore words."
    assert counted(without_code_blocks(docstring)) == (5, 0)
    assert counted(without_code_blocks(">>> what\nAfter.")) == (1, 0)
    assert without_code_blocks(page).count("\n") == page.count("\n")


def test_docstrings_comments_and_help_are_read_and_other_texts_are_not() -> None:
    source = textwrap.dedent(  # a directive within is a sample of a comment that is not read
        '''
        """A module."""

        import click  # type: ignore[import]

        SIZE = 1  # a size
        """The size."""

        # One comment
        # of two lines.
        @click.option("--at", help=f"A day of {SIZE}.")
        def command():
            """A command."""
            return "no prose"
        '''
    )
    found = [(each.kind, each.line, each.text) for each in passages_of_code(source, "core/wares/x.py")]
    assert sorted(found) == [
        ("comment", 6, "a size"),
        ("comment", 9, "One comment\nof two lines."),
        ("docstring", 2, "A module."),
        ("docstring", 7, "The size."),
        ("docstring", 13, "A command."),
        ("help", 11, "A day of ."),
    ]


def test_a_sentence_is_a_question_by_its_last_mark() -> None:
    assert is_question('Is it "so?" ')
    assert is_question("(What is it?)")
    assert not is_question("What it is. ")


def test_files_are_counted_under_their_folders() -> None:
    assert folder_of("core/wares/books.py") == "core/wares"
    assert folder_of("core/wares/storage/tables/ledger.py") == "core/wares/storage"
    assert folder_of("plugins/profit/wares_profit/profit.py") == "plugins/profit"
    assert folder_of("docs/plugins.md") == "docs"
    assert folder_of("README.md") == "README.md"
