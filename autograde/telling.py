"""What a command prints, a sentence a line."""

import typer

from descentlab.sentences import say, say_count


def tell(template: str, /, **values: object) -> None:
    """Print a sentence."""
    typer.echo(say(template, **values))


def tell_count(one: str, many: str, count: int, /, **values: object) -> None:
    """Print one of two sentences, by the count."""
    typer.echo(say_count(one, many, count, **values))


def warn(template: str, /, **values: object) -> None:
    """Print a sentence on stderr: what was left out, or is to be done first."""
    typer.echo(say(template, **values), err=True)
