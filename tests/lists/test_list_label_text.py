"""Searching many labels at once gives what looking at each of them would."""

import random

import pytest

from config.common.text import fold
from lists.label_text import SEPARATOR, Hits, LabelText

LABELS = ["zurich", "bern", "neuenburg", "", "freiburg", "uri", "anana", "ananas", "100%", "東京"]
LABELS += ["strasse", "b\u0131rak", "😀 smile", "жук", r"a\b_c", "bananana", "an", "le bern"]


def plain(labels: dict[int, str], term: str, limit: int) -> Hits:
    """As rule S7 says it."""
    starting = [pk for pk, label in labels.items() if label.startswith(term)]
    inside = [pk for pk, label in labels.items() if term in label and pk not in starting]
    shown = starting[:limit]
    return Hits(shown, inside[: limit - len(shown)], len(starting) + len(inside))


def text_of(labels: dict[int, str]) -> LabelText:
    return LabelText(SEPARATOR.join(labels.values()), labels)


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize("piece_limit", [0, 2, 10_000])
def test_s7_every_piece_of_every_label_is_found(monkeypatch, limit, piece_limit):
    monkeypatch.setattr("lists.label_text._MAX_PIECES", piece_limit)
    labels = {number + 100: label for number, label in enumerate(LABELS)}
    terms = {
        label[start:end]
        for label in LABELS
        for start in range(len(label))
        for end in range(start + 1, len(label) + 1)
    }
    text = text_of(labels)

    for term in ["", "x", "nb", "é", *terms]:
        assert text.search(term, limit) == plain(labels, term, limit), term


@pytest.mark.parametrize("piece_limit", [0, 10_000])
def test_s7_generated_labels_and_changes(monkeypatch, piece_limit):
    monkeypatch.setattr("lists.label_text._MAX_PIECES", piece_limit)
    chance = random.Random(3)  # noqa: S311 - made-up labels
    for _ in range(100):
        labels = {
            chance.randrange(10_000): "".join(chance.choices("abäß東 ", k=chance.randint(0, 6)))
            for _ in range(chance.randint(0, 30))
        }
        labels = {pk: fold(label) for pk, label in labels.items()}
        gone = {pk for pk in labels if chance.random() < 0.3} | {20_000}
        kept = {pk: label for pk, label in labels.items() if pk not in gone}
        text = text_of(labels).without(gone)

        for term in ("", "a", "b", "ab", "s", "ss", "東", " ", "aba", "ba "):
            assert text.search(term, 4) == plain(kept, term, 4), (labels, gone, term)


def test_nothing_is_found_in_nothing():
    assert LabelText("", []).search("", 10) == Hits([], [], 0)
    assert LabelText("", []).search("a", 10) == Hits([], [], 0)


def test_a_text_says_about_what_it_holds():
    assert LabelText("", []).weight == 1
    assert LabelText("redAblue", [1, 2]).weight == 10 + 16
    # What is hidden is held beside it.
    assert LabelText("redAblue", [1, 2]).without({2}).weight == 10 + 16 + 100


@pytest.mark.parametrize("text", ["ABC", "Ａ", "𝐀", "Ⓐ", "\u212b"])  # noqa: RUF001 - that is the point
def test_folded_texts_never_hold_what_stands_between_labels(text):
    assert not set(fold(text)) & set("ABC")


@pytest.mark.untraced
def test_no_character_at_all_folds_to_what_stands_between_labels():
    everything = map(chr, (*range(0xD800), *range(0xE000, 0x110000)))

    assert not [char for char in everything if set(fold(char)) & set("ABC")]
