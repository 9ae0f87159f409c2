"""The kinds of value that stand in an event file, each under the name of what would be right."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from event.sittings import KEY_LENGTH, KEY_PATTERN, MOST_SEATS, TEXT_LENGTH

# What each kind of value is described by is the key in `Problem.values["right"]` when it is wrong.
Key = Annotated[str, Meta(pattern=KEY_PATTERN, max_length=KEY_LENGTH, description="key")]
Name = Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH, description="name")]
Text = Annotated[str, Meta(max_length=TEXT_LENGTH, description="text")]
LongText = Annotated[str, Meta(min_length=1, max_length=10_000, description="long_text")]
Colour = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$", description="colour")]
Names = Annotated[list[Name], Meta(max_length=100, description="names")]
Keys = Annotated[list[Key], Meta(max_length=100, description="keys")]
Count = Annotated[int, Meta(ge=0, le=MOST_SEATS, description="count")]
Places = Annotated[int, Meta(ge=1, le=MOST_SEATS, description="places")]
Minutes = Annotated[dict[Key, Annotated[int, Meta(ge=0, le=240)]], Meta(description="minutes")]
OneByte = Annotated[int, Meta(ge=1, le=255, description="one_byte")]
Year = Annotated[int, Meta(ge=1900, le=2999, description="year")]
YesNo = Annotated[bool, Meta(description="yes_no")]
Day = Annotated[date, Meta(description="day")]
Days = Annotated[list[Day], Meta(max_length=100, description="days")]
LocalTime = Annotated[datetime, Meta(tz=False, description="local_time")]

# Of badges, in millimetres from the top left.
_Place = Annotated[float, Meta(ge=0, le=1000)]
_Side = Annotated[float, Meta(ge=0.5, le=1000)]
_Edge = Annotated[float, Meta(ge=40, le=1000)]
_Code = Annotated[float, Meta(ge=16, le=200)]
_Shift = Annotated[float, Meta(ge=-20, le=20)]
Area = Annotated[tuple[_Place, _Place, _Side, _Side], Meta(description="area")]
Square = Annotated[tuple[_Place, _Place, _Code], Meta(description="square")]
Size = Annotated[tuple[_Edge, _Edge], Meta(description="size")]
Margin = Annotated[tuple[_Place, _Place], Meta(description="margin")]
Offset = Annotated[tuple[_Shift, _Shift], Meta(description="offset")]
Points = Annotated[float, Meta(ge=4, le=72, description="points")]
Few = Annotated[int, Meta(ge=1, le=20, description="few")]
Logo = Annotated[str, Meta(max_length=700_000, description="logo")]
Parts = Annotated[tuple[Name, ...], Meta(max_length=20, description="names")]
