"""Make the sounds of notifications: short tones of our own, written beside this file."""

import math
import struct
import wave
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

RATE = 11_025
_LOUDNESS = 0.35
_ATTACK_S, _FADE = 0.008, 7.0
TONES: Mapping[str, Sequence[tuple[float, float]]] = {
    "needs_you": ((659.3, 0.12), (880.0, 0.22)),
    "failed": ((392.0, 0.14), (293.7, 0.26)),
    "done": ((784.0, 0.2),),
    "idle": ((523.3, 0.1), (659.3, 0.1), (784.0, 0.24)),
}
"""The tones of each sound: frequency in hertz, and how long in seconds."""


def sound(name: str) -> bytes:
    """The WAV file of a sound."""
    samples = [sample for hertz, length in TONES[name] for sample in _tone(hertz, length)]
    file = BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


def _tone(hertz: float, length: float) -> Iterator[int]:
    """A tone with one overtone that begins softly and fades."""
    number = int(RATE * length)
    for at in range(number):
        time = at / RATE
        swelling = min(1.0, time / _ATTACK_S) * min(1.0, (length - time) / _ATTACK_S)
        fading = math.exp(-_FADE * time)
        wave_now = math.sin(math.tau * hertz * time) + 0.25 * math.sin(2 * math.tau * hertz * time)
        yield round(32_000 * _LOUDNESS * swelling * fading * wave_now)


if __name__ == "__main__":
    for each in TONES:
        Path(__file__).with_name(f"{each}.wav").write_bytes(sound(each))
