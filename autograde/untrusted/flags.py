"""What can go wrong while a submission's process runs, and the messages of flags."""

from typing import NamedTuple


class FlagMessage(NamedTuple):
    """A flag's texts: in the teacher's table, on the student's page, and in the notebook where its run ended."""

    words: str
    sentence: str = ""
    last_output: str = ""


def flag_messages(table: str) -> dict[str, FlagMessage]:
    """The messages of a table, by the flag: in each line the flag and its texts, with a bar between them."""
    rows = ([part.strip() for part in line.split("|")] for line in table.strip().splitlines())
    return {flag: FlagMessage(*texts) for flag, *texts in rows}


# What can go wrong while a submission's process runs.
RUN_FLAGS = flag_messages("""
timeout | ran too long and was stopped | A cell ran too long and was stopped. | This cell was stopped: it ran for {seconds:g} seconds, or the notebook for {wall:g}.
memory | used more memory than allowed | Your notebook used more memory than allowed and was stopped. | This cell was stopped: it used more than {memory} MiB of memory.
processes | started more processes than allowed | Your notebook started more processes than allowed and was stopped. | This cell was stopped: it started more than {processes} processes or threads, or kept more than {busy} of them busy.
disk | wrote more than allowed | Your notebook wrote more to the disk than allowed. | This cell was stopped: it wrote more files than a notebook may.
output-limit | printed more than allowed | Your notebook printed more than allowed; the rest was cut off.
died | its process ended in the middle | The process that ran your notebook ended in the middle: what came after it was not run. | The notebook's process ended while this cell ran.
odd-reply | its sandbox sent an odd reply |  | This cell was stopped: the notebook's process answered with data that no notebook sends.
""")
