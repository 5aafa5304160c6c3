"""Sentences that students read: English templates with named placeholders, in the language in use.

    say("{array} has the shape {actual}; expected is {expected}.", array="W", actual="(2,)", expected="(3,)")

A template is one literal string, so that gettext's tools find it, and a whole sentence, so that another language
may order its words differently. Tables contain templates, which are filled where they are
shown. Ids and evidence are for machines and never come from here.

A language is a gettext catalogue, `languages/<code>/LC_MESSAGES/descentlab.mo`, chosen by DESCENTLAB_LANGUAGE.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DOMAIN = "descentlab"
LANGUAGES = Path(__file__).parent / "languages"
LANGUAGE_VARIABLE = "DESCENTLAB_LANGUAGE"


NAME = re.compile(r"\w+ ?[=[]")
"""A name and its value: `h = 0.1`, `theta[0]`."""
GREEK = frozenset("αβγδεζηθικλμνξπρστφχψω")


def say(template: str, /, **values: object) -> str:
    """The sentence in the language in use, each `{name}` replaced by its value.

    A template without values is returned unchanged: code and formulas in it may hold braces.

    Raises:
        KeyError: the template names a value that is not there.
    """
    sentence = _catalogue(_language()).gettext(template)
    return sentence.format_map(values) if values else sentence


def say_named(template: str, values: Mapping[str, object]) -> str:
    """Fill the template with those of the values that it names, as `say` does; "" for an empty one."""
    named = {name: value for name, value in values.items() if f"{{{name}" in template}
    return say(template, **named) if template else ""


def say_count(one: str, many: str, count: int, /, **values: object) -> str:
    """`one` or `many`, by the language's plural rule for `count`, which both may name as `{count}`.

    Raises:
        KeyError: the template names a value that is not there.
    """
    sentence = _catalogue(_language()).ngettext(one, many, count)
    return sentence.format_map({"count": count, **values})


def capital(sentence: str) -> str:
    """The sentence with a capital first letter; a symbol stays as it is: ηλ, the h of `h = 0.1`."""
    symbol = sentence[:1] in GREEK or NAME.match(sentence)
    return sentence if symbol else sentence[:1].upper() + sentence[1:]


class Phrase(str):
    """Words that are also an id: an English string, translated only for display.

        Phrase("{factor} left out", factor="β₁") == "β₁ left out"

    Values may be phrases themselves.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Phrase:
        """Fill the template.

        Raises:
            KeyError: it names a value that is not there.
        """
        phrase = super().__new__(cls, template.format_map(values) if values else template)
        phrase.template, phrase.values = template, values
        return phrase

    def translated(self) -> str:
        """The words in the language in use."""
        values = {name: v.translated() if isinstance(v, Phrase) else v for name, v in self.values.items()}
        return say(self.template, **values)


def language() -> str:
    """The code of the language in use: "en" unless there is a catalogue for another."""
    asked = _language()
    return asked if gettext.find(DOMAIN, LANGUAGES, [asked]) else "en"


def _language() -> str:
    return os.environ.get(LANGUAGE_VARIABLE, "en")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """A language's catalogue; without one, the English templates."""
    return gettext.translation(DOMAIN, LANGUAGES, [language], fallback=True)
