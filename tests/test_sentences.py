"""Sentences that people read can be said in another language without touching what decides them."""

import ast
import gettext
import re
import sys
from dataclasses import replace

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from support import ROOT

from descentlab import sentences
from descentlab.checks import record
from descentlab.checks.judging import judge
from descentlab.checks.judging.display import as_html, as_text
from descentlab.checks.judging.pictures import in_words
from descentlab.exercises.catalogue import catalogue as mistakes
from descentlab.rules import SGD
from descentlab.sentences import capital, say, say_count

sys.path.insert(0, str(ROOT / "docs"))
from sentences import catalogue


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


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("a net: yours 2", "A net: yours 2"),
        ("single precision (f = 1)", "Single precision (f = 1)"),
        *((symbol, symbol) for symbol in ("h = 0.01: yours 2", "ηλ = 1", "lr=0.1", "theta[0]: yours 3")),
    ],
)
def test_a_sentence_begins_with_a_capital_letter_and_a_symbol_stays_what_it_is(sentence, shown):
    assert capital(sentence) == shown


def test_what_a_language_lacks_is_said_in_english(in_language):
    in_language({})
    assert say("{n} of {m}", n=1, m=2) == "1 of 2"


def test_braces_in_a_value_or_in_a_sentence_without_values_stand_as_they_are():
    assert say("{code} raised", code="{0.__class__}") == "{0.__class__} raised"
    assert say(r"$\frac{1}{2}$") == r"$\frac{1}{2}$"


# ------------------------------------------------------------------------------------- every sentence is said

READ_BY_STUDENTS = ("exercises", "explorers", "figures", "models", "objectives", "rules")
"""Rooms of descentlab whose every error is read by students, below their own line."""
SENTENCES = {"UsageError", "MachineError", "CourseError", "LessonError", "SandboxError", "RefusedError"}
"""Errors that people read; others are a programmer's wrong use, or say why bytes are refused."""
MADE_OTHERWISE = {
    "autograde/commands/doctor.py": "names of programs and systems, with their versions",
    "autograde/export/formats/brightspace.py": "a column's name, as Brightspace asks for it",
    "autograde/grading/autograded_files.py": "a time as nbgrader writes it",
    "autograde/lateness/due_dates.py": "a time in UTC, said where the zone is another",
    "autograde/roster/roster_messages.py": "a table's header, which `roster import` reads again",
    "autograde/feedback/formulas.py": "an attribute of MathML",
    "autograde/sandbox/box.py": "a signal's number; a shell's line",
    "autograde/sandbox/conversation.py": "an error's name, as Python prints it",
    "autograde/sandbox/inside/seccomp.py": "a label's name in the program",
    "autograde/site/build.py": "names of the browser's stores",
    "autograde/site/wheels.py": "a wheel's metadata",
    "autograde/sandbox/inside/zygote.py": "a signal's number",
    "autograde/sandbox/staging.py": "source code",
    "autograde/sandbox/tiers.py": "source code",
    "autograde/upgrade/rows.py": "SQL",
    "src/descentlab/checks/recording/run_student.py": "Python's own warnings, as they are printed",
    "src/descentlab/exercises/catalogue.py": "an author's mistake in a row",
    "src/descentlab/exercises/gradients/mistakes.py": "wrong code, as students write it",
    "src/descentlab/exercises/wrong_code.py": "source code of rows",
    "src/descentlab/figures/page.py": "HTML",
    "src/descentlab/rules/__init__.py": "Python's own words for a name that is not there",
    "src/descentlab/diagnosis/edits.py": "templates made of templates, which the catalogue has whole",
    "src/descentlab/diagnosis/formula.py": "formulas: function(a, b)",
    "src/descentlab/diagnosis/probe_table.py": "source code of edited formulas",
}
SAID_BY = {"say", "say_count", "tell", "tell_count", "warn", "template", "Phrase"}
PROSE = re.compile(r"[^\W\d_]{3,} +[^\W\d_]{2,}|[^\W\d_]{3,}:? $|^ [^\W\d_]{2,}")
"""Two words side by side, or one beside a gap that is filled in."""


def files_of_the_rooms():
    files = [file for top in ("src/descentlab", "autograde") for file in (ROOT / top).rglob("*.py")]
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}


def put_together(source, every_error=False):
    """Lines where prose is made by an f-string, +, %, .format or .join, or raised, and not by `say`."""
    return sorted(_glued(ast.parse(source), every_error))


def _glued(node, every_error):
    if isinstance(node, ast.Call) and _called(node) in SAID_BY:
        return
    parts = []
    if isinstance(node, ast.Raise):
        if not isinstance(node.exc, ast.Call) or not (every_error or _called(node.exc) in SENTENCES):
            return
        parts = node.exc.args
    if isinstance(node, ast.JoinedStr):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Call) and _called(node) in ("format", "join"):
        parts = [getattr(node.func, "value", node.func), *node.args]
    texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    is_command = bool(texts) and texts[0].startswith("autograde")
    if not is_command and any(map(is_prose, texts)):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _glued(child, every_error)


def is_prose(text):
    return bool(PROSE.search(re.sub(r"{.*?}", "", text)))


def _called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_no_room_puts_words_together_but_by_say():
    rooms = tuple(f"src/descentlab/{room}/" for room in READ_BY_STUDENTS)
    files = files_of_the_rooms().items()
    glued = {name: put_together(source, name.startswith(rooms)) for name, source in files}
    assert {name: lines for name, lines in glued.items() if lines and name not in MADE_OTHERWISE} == {}


@pytest.mark.parametrize(
    "source",
    [
        'f"{n} pages left"',
        '"call " + str(n)',
        '"%d pages left" % n',
        '"{} pages".format(n)',
        '" and ".join(a)',
        'raise UsageError("no such page")',
        'raise SandboxError(f"{n} pages left")',
    ],
)
def test_words_put_together_are_seen(source):
    assert put_together(source) == [1]


@pytest.mark.parametrize("error", ["ValueError", "TypeError", "IdxError"])
def test_where_students_read_every_error_its_words_are_seen_too(error):
    source = f'raise {error}("no such page")'
    assert (put_together(source, every_error=True), put_together(source)) == ([1], [])


def test_the_browser_says_nothing_that_python_did_not_send():
    """What people read or hear in it: labels, and texts that are no symbol."""
    script = (ROOT / "src/descentlab/explorers/widget.js").read_text(encoding="utf-8")
    code = re.sub(r"(?m)(?<!:)//.*$", "", script)
    assert re.findall(r'(?:aria-label", |textContent[:=] |button\([^,]*, |say\()"[^"]*[a-z]{2,}', code) == []
    assert re.findall(r'"[A-Za-z]+ [a-z]+ [^"]*"', code) == []


@pytest.mark.parametrize(
    "source",
    [
        'say("{n} pages left", n=f"{n:g}")',
        'f"{key}[{n}]"',
        'f"<p>{text}</p>"',
        'raise ValueError("no such page")',
        'raise UsageError.say("no such page")',
        'f"autograde grade {name}"',
    ],
)
def test_what_is_said_and_what_holds_no_words_is_left_alone(source):
    assert put_together(source) == []


# ------------------------------------------------------------------------------ verdicts in another language


class Pseudo(gettext.NullTranslations):
    """Every template of the catalogue between brackets; what the catalogue lacks stays English."""

    def __init__(self):
        super().__init__()
        ids = [message.id for message in catalogue() if message.id]
        self.known = {text for id in ids for text in (id if isinstance(id, tuple) else (id,))}

    def gettext(self, message):
        return f"⟦{message}⟧" if message in self.known else message

    def ngettext(self, one, many, count):
        return self.gettext(one if count == 1 else many)


INNERMOST = re.compile("⟦[^⟦⟧]*⟧")


def words_outside(text):
    """Words of a text that are in no sentence."""
    while (left := INNERMOST.sub("", text)) != text:
        text = left
    return re.findall(r"[^\W\d_]{2,}", text)


class Raises(SGD):
    def update(self, params, grads):
        return params["nowhere"]


class Unprintable(SGD):
    def update(self, params, grads):
        raise type("Odd", (Exception,), {"__str__": lambda self: 1})


class Twice(SGD):
    def update(self, params, grads):
        for k in params:
            params[k] -= 2.5 * grads[k] * grads[k] + self.lr


class Stub(SGD):
    def update(self, params, grads):
        raise NotImplementedError


def no_class():
    return None


ANSWERS = [(entry.check, entry.make) for entry in list(mistakes())[::5]]
ANSWERS += [
    ("sgd/update", lambda answer=answer: answer)
    for answer in (Raises, Unprintable, Twice, Stub, SGD, None, 3, no_class)
]
ANSWERS += [
    ("sgd/largest-stable", lambda answer=answer: answer)
    for answer in (Stub, None, no_class, lambda m, g, t: "1")
]
ANSWERS += [("sgd/best-lr", lambda answer=answer: answer) for answer in (None, 3, "word", [1, 2], object)]
ANSWERS += [("adam/update", lambda answer=answer: answer) for answer in (Twice, SGD)]
ODD = [("sgd/update", odd) for odd in (None, b"", b"[]", b"{}", b"1" * (1 << 21))]


def data_of(verdict):
    criteria = [(c.name, c.passed, c.weight) for c in verdict.criteria]
    return verdict.status, verdict.fraction, verdict.mistake, verdict.section, verdict.paths, criteria


@pytest.fixture
def pseudo(monkeypatch):
    """From its call on sentences are said in the pseudo-language."""
    made = Pseudo()
    return lambda: monkeypatch.setattr(sentences, "_catalogue", lambda language: made)


def test_in_another_language_a_verdict_has_no_words_of_ours_and_the_same_data(pseudo):
    recorded = [(name, record(name, make(), 0)) for name, make in ANSWERS]
    english = [data_of(judge(name, evidence, 0)) for name, evidence in [*recorded, *ODD]]
    pseudo()
    assert [(name, record(name, make(), 0)) for name, make in ANSWERS] == recorded
    others = [judge(name, evidence, 0, local=True) for name, evidence in [*recorded, *ODD]]
    assert [data_of(verdict) for verdict in others] == english
    for verdict in others:
        bare = replace(verdict, printed=verdict.printed and "–")
        assert words_outside(as_text(bare, 2)) == []
        assert words_outside(BeautifulSoup(as_html(bare, 2), "html.parser").get_text("\n")) == []
        assert words_outside(verdict.symptom) == []
        assert verdict.paths is None or words_outside(in_words(verdict.paths)) == []
