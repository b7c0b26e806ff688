"""Count lines of text without cleaning them, a part at a time.

Where ripgrep is installed it counts those that have a text, in files of which every line was seen to be plain before.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

from engine.runners.indexed_output import IndexedOutput, IndexedStream
from engine.streams.entries import is_plain_block
from engine.streams.newest_lines import Block, NewestLines, TimedLine
from engine.streams.ripgrep_count import count_with_ripgrep, ripgrep

Counts = tuple[int, int]
"""A number of lines, and how many of them are meant."""
_FileKey = tuple[int, int, int, int]
_plain_up_to: dict[_FileKey, int] = {}
"""Up to which offsets every line of a file is shown as it is, as far as its lines were counted."""
_BLOCK = 1024 * 1024


def counted_lines(output: IndexedOutput, how: NewestLines, *, with_all: bool = True) -> Iterator[Counts]:
    """How many lines an orderly output has, and how many are meant, in parts; unless `with_all` the latter alone."""
    every = replace(how, search=None)
    for line in every.unfinished(output):
        yield _of_line(line, how)
    for stream in every.streams_of(output):
        found = None
        if not with_all and _suits_ripgrep(stream, how):
            for found in _with_ripgrep(stream, how):
                yield 0, found or 0
        if found is None:
            yield from _of_stream(stream, how, every=every, with_all=with_all)


def _of_stream(
    stream: IndexedStream, how: NewestLines, *, every: NewestLines, with_all: bool
) -> Iterator[Counts]:
    is_plain = True
    for part in every.parts(stream):
        if isinstance(part, Block):
            is_plain = is_plain and part.is_plain
            yield _of_block(part, how, with_all=with_all)
        else:
            is_plain = is_plain and part.entry is None
            yield _of_line(part, how)
    if is_plain and not stream.place_at(how.since) and (key := _file_key(stream)) is not None:
        _plain_up_to[key] = max(_plain_up_to.get(key, 0), stream.place_at(how.until))


def _of_line(line: TimedLine, how: NewestLines) -> Counts:
    entry = line.entry
    if entry is None:
        return 0, 0
    return 1, how.search is None or how.search.test(entry.text, entry.level, entry.stream)


def _of_block(block: Block, how: NewestLines, *, with_all: bool) -> Counts:
    search = how.search
    number = block.data.count(b"\n") if with_all or search is None else 0
    if search is None:
        return number, number
    found = search.count(block.data) if block.is_plain else None
    return number, sum(1 for _ in how.lines_of(block)) if found is None else found


def _suits_ripgrep(stream: IndexedStream, how: NewestLines) -> bool:
    """Whether all of the stream is wanted, whole lines, and plain."""
    if how.search is None or how.search.plain_pattern is None or ripgrep() is None:
        return False
    is_all = not stream.place_at(how.since) and stream.place_at(how.until) == stream.end
    return is_all and stream.read(stream.end - 1, stream.end) == b"\n" and _is_plain(stream)


def _is_plain(stream: IndexedStream) -> bool:
    """Whether all that was not seen to be plain when it was counted is plain as well."""
    key = _file_key(stream)
    if key is None or key not in _plain_up_to:
        return False
    place = stream.last_newline(0, _plain_up_to[key], block=_BLOCK) + 1
    while place < stream.end:
        block = stream.read(place, min(place + _BLOCK, stream.end))
        whole = block.rfind(b"\n") + 1
        if not whole or not is_plain_block(block[:whole]):
            return False
        place += whole
    _plain_up_to[key] = stream.end
    return True


def _with_ripgrep(stream: IndexedStream, how: NewestLines) -> Iterator[int | None]:
    search, descriptor = how.search, stream.whole_file
    known = None if search is None else search.plain_pattern
    if search is None or known is None or descriptor is None:
        return
    for found in count_with_ripgrep(descriptor, known.text, is_case=search.is_case, is_regex=known.is_regex):
        if found is not None and os.fstat(descriptor).st_size != stream.end:
            return  # it reads to the end of the file, and more has come since the output was opened
        yield found


def _file_key(stream: IndexedStream) -> _FileKey | None:
    descriptor = stream.whole_file
    if descriptor is None:
        return None
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
