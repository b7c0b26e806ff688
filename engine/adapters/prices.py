"""The prices of models, by which a cost is estimated where a tool reports none: shipped, dated, and the user's own.

The user's file `prices.yaml` in the configuration folder adds models and replaces those of the same name. One that is
not valid has no effect; `problem` says why. Knows no tool.
"""

import datetime as dt
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.errors import JobFileError
from engine.jobfile.error_messages import validated
from engine.jobfile.parsing import parse
from engine.jobfile.safe_read import read_bytes
from engine.system.home import config_folder
from state.records import nothing

FILE = "prices.yaml"
_MILLION = 1_000_000
_PATTERN = re.compile(r"[*?\[]")
_AROUND = re.compile(
    r"^.*/|^(.*\.)?anthropic\.|\[1m\]$|-(preview|latest|exp)\b.*$|[-@]\d{8}.*$|-\d{4}-\d\d-\d\d$|-v\d+(:\d+)?$"
)
"""What providers and tools put around the name of a model: its provider, a date, a version."""

Dollars = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Price(BaseModel):
    """US dollars per million tokens; input from a cache and into one costs what other input does, unless it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Dollars
    cached: Dollars | None = None
    cache_write: Dollars | None = None
    output: Dollars

    def cost(self, *, input_tokens: int, cached: int, written: int, output: int) -> float:
        """What these tokens cost; those cached and written are part of the input."""
        of_cached = self.input if self.cached is None else self.cached
        of_written = self.input if self.cache_write is None else self.cache_write
        fresh = max(0, input_tokens - cached - written)
        dollars = (
            fresh * self.input + cached * of_cached + written * of_written + output * self.output
        ) / _MILLION
        return round(dollars, 9)


class PriceTable(BaseModel):
    """A file of prices; in the names of models `*` stands for any characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: dt.date | None = None
    models: Mapping[str, Price] = Field(default_factory=nothing)


def price_of(model: str) -> Price | None:
    """The price of a model as a tool names it; None where none is known."""
    table = {name.lower(): price for file in (shipped(), _own()[0]) for name, price in file.models.items()}
    raw = model.lower()
    names = (raw, _bare(raw))
    if (exact := next((table[name] for name in names if name in table), None)) is not None:
        return exact
    patterns = sorted((name for name in table if _PATTERN.search(name)), key=len, reverse=True)
    return next((table[each] for each in patterns if any(fnmatchcase(name, each) for name in names)), None)


def own_file() -> Path:
    """The user's own prices, whether they exist or not."""
    return config_folder().expanduser().absolute() / FILE


def problem() -> str:
    """Why the user's own prices have no effect; empty where they have, or where there are none."""
    return _own()[1]


@lru_cache(maxsize=1)
def shipped() -> PriceTable:
    """The prices that came with this release."""
    return validated(PriceTable, parse(files("engine.adapters").joinpath(FILE).read_bytes(), FILE))


def _own() -> tuple[PriceTable, str]:
    file = own_file()
    try:
        found = file.stat()
    except OSError:
        return PriceTable(), ""
    return _read(file, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=4)
def _read(file: Path, _state: tuple[int, int, int]) -> tuple[PriceTable, str]:
    try:
        return validated(PriceTable, parse(read_bytes(file, guarded=False), str(file))), ""
    except JobFileError as error:
        more = f" ({len(error.others)} more)" if error.others else ""
        sentence = f"{file.parent}/{error}{more}. Until it is mended, only the prices of this release hold."
        return PriceTable(), sentence


def _bare(name: str) -> str:
    """The name without what stands around it: `gpt-5.5` of `openai/gpt-5.5-2026-04-24`."""
    while (shorter := _AROUND.sub("", name)) != name:
        name = shorter
    return name
