"""The one source of colours: grey chrome, an accent for focus, and the states; knows no Qt."""

from collections.abc import Mapping
from typing import NamedTuple

DARK: Mapping[str, str] = {
    "bg0": "#0D1015",
    "bg1": "#14181F",
    "bg2": "#1B212A",
    "bg3": "#252C38",
    "sel": "#26334F",
    "hover": "#1F2631",
    "line": "#272E39",
    "line2": "#3B4556",
    "ctl": "#6D7B90",
    "t1": "#E7EBF1",
    "t2": "#AFB9C7",
    "t3": "#909BAB",
    "accent": "#9DAAFF",
    "accentfill": "#5665E2",
    "onaccent": "#FFFFFF",
    "focus": "#A9B5FF",
    "add": "#12301F",
    "addt": "#7FD6A4",
    "dele": "#3A1B1F",
    "delt": "#FF9C99",
    "match": "#5A4A12",
    "lvl_debug": "#8C97A7",
    "field": "#0D1015",
    "needs_ground": "#1C1A12",
    "selected_ground": "#171D2B",
    "synKeyword": "#DDB9EA",
    "synString": "#C3DEA3",
    "synNumber": "#EFC79C",
    "synFunc": "#A8CDEA",
    "synType": "#A3E8E1",
    "synComment": "#A7B1BE",
    "addWord": "#1B4A31",
    "delWord": "#5E272C",
}
LIGHT: Mapping[str, str] = {
    "bg0": "#E9ECF1",
    "bg1": "#F7F8FA",
    "bg2": "#FFFFFF",
    "bg3": "#EEF1F5",
    "sel": "#DFE5FF",
    "hover": "#F0F3F8",
    "line": "#DCE1E8",
    "line2": "#C3CAD5",
    "ctl": "#7D8898",
    "t1": "#181E27",
    "t2": "#47515F",
    "t3": "#5E6978",
    "accent": "#3F4CC9",
    "accentfill": "#4453D6",
    "onaccent": "#FFFFFF",
    "focus": "#4453D6",
    "add": "#E2F5EA",
    "addt": "#0A5F3C",
    "dele": "#FCE7E7",
    "delt": "#A31D22",
    "match": "#FFE79A",
    "lvl_debug": "#5E6978",
    "field": "#FFFFFF",
    "needs_ground": "#FFFAE6",
    "selected_ground": "#EEF1FF",
    "synKeyword": "#6A3C70",
    "synString": "#454A00",
    "synNumber": "#703600",
    "synFunc": "#0F4A7A",
    "synType": "#004F52",
    "synComment": "#505A69",
    "addWord": "#BFE9CF",
    "delWord": "#F8C6C6",
}


class StateColours(NamedTuple):
    """One state's word and its colours; on a dark ground the fill is the foreground."""

    word: str
    dark_fg: str
    dark_tint: str
    light_fg: str
    light_fill: str
    light_tint: str


STATES: Mapping[str, StateColours] = {
    "held": StateColours("Held", "#B5AC9E", "#242321", "#6B6254", "#8F8676", "#F0EEEA"),
    "queued": StateColours("Queued", "#9FB4CC", "#1D252F", "#456180", "#7690AD", "#E9EFF5"),
    "blocked": StateColours("Blocked", "#B7A6D4", "#25222F", "#67568C", "#9482B8", "#F0ECF7"),
    "waiting": StateColours("Waiting", "#B3A783", "#26251E", "#665B32", "#9C926E", "#F3F0E3"),
    "running": StateColours("Running", "#4DA0FF", "#14263F", "#0A5DBC", "#1D85EF", "#E2EFFD"),
    "completed": StateColours("Completed", "#3CD3BC", "#122924", "#0B6B5C", "#0F7B6A", "#DFF4EF"),
    "failed": StateColours("Failed", "#FF5A52", "#361C1D", "#BF1A1F", "#D4161B", "#FCE8E7"),
    "timeout": StateColours("Timed out", "#FF9523", "#332516", "#9E4200", "#EA6F00", "#FDEEDD"),
    "cancelled": StateColours("Cancelled", "#A2ABB8", "#20252D", "#566070", "#858FA0", "#EDF0F3"),
    "skipped": StateColours("Skipped", "#8C97A7", "#1C2129", "#616C7B", "#868F9D", "#F0F2F5"),
    "quarantined": StateColours("Quarantined", "#D670C8", "#30202F", "#8F0097", "#A300AC", "#F8E6F8"),
    "needsyou": StateColours("Needs you", "#FFDF38", "#332D10", "#7A5300", "#F2C329", "#FFF4CF"),
}
