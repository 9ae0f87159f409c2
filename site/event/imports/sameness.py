"""When two rows are one person: the same name, and nothing that tells them apart."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, islice

