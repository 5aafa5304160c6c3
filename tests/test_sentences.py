"""Sentences that people read can be said in another language without touching what decides them."""

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from descentlab import sentences
from descentlab.sentences import say, say_count


@pytest.fixture
def in_language(tmp_path, monkeypatch):
    """Sets the language `xx` with these sentences."""

    def set_language(translations):
        catalogue = Catalog(locale="de")
        for english, other in translations.items():
            catalogue.add(english, other)
        place = tmp_path / "xx" / "LC_MESSAGES" / "descentlab.mo"
        place.parent.mkdir(parents=True)
        with place.open("wb") as file:
            write_mo(file, catalogue)
        monkeypatch.setattr(sentences, "LANGUAGES", tmp_path)
        monkeypatch.setenv(sentences.LANGUAGE_VARIABLE, "xx")
        sentences._catalogue.cache_clear()

    yield set_language
    sentences._catalogue.cache_clear()


def test_values_stand_where_the_translation_puts_them(in_language):
    in_language({"{array} is {actual}, not {expected}": "{expected} statt {actual}: {array}"})
    assert say("{array} is {actual}, not {expected}", array="W", actual=1, expected=2) == "2 statt 1: W"


def test_a_number_of_things_follows_the_languages_own_rule(in_language):
    in_language({("{count} page", "{count} pages"): ("{count} Seite", "{count} Seiten")})
    assert [say_count("{count} page", "{count} pages", n) for n in (0, 1, 2)] == [
        "0 Seiten",
        "1 Seite",
        "2 Seiten",
    ]


def test_what_a_language_lacks_is_said_in_english(in_language):
    in_language({})
    assert say("{n} of {m}", n=1, m=2) == "1 of 2"


def test_braces_in_a_value_or_in_a_sentence_without_values_stand_as_they_are():
    assert say("{code} raised", code="{0.__class__}") == "{0.__class__} raised"
    assert say(r"$\frac{1}{2}$") == r"$\frac{1}{2}$"
