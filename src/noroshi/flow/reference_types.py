"""Named tuples of arrays as one pointer: numba copies a tuple's arrays into every call, and compiles for minutes."""

from __future__ import annotations

from typing import Any, TypeVar

from numba import config, types
from numba.experimental import structref

T = TypeVar("T")

_FIELDS: dict[str, Any] = {
    "Floats": types.float64[::1],
    "Ints": types.int64[::1],
    "Bools": types.boolean[::1],
    "Tables": types.float64[:, ::1],
    "Whole": types.int64[:, ::1],
    "float": types.float64,
    "int": types.int64,
}
"""Name of a field's annotation -> its compiled type; classes passed by reference are added as they are made."""


class _Named(types.StructRef):  # type: ignore[misc]
    """A structure known by its short name: numba writes a type's name into every symbol, and thinks in symbols."""

    def __init__(self, fields: list[tuple[str, Any]]) -> None:
        """Take the fields, and the name of the class."""
        super().__init__(fields)
        self.name = type(self).__name__


def by_reference(cls: type[T], home: dict[str, Any]) -> type[T]:
    """Return a class with the fields of the named tuple `cls`, made by `made(*values)` in a kernel, passed by pointer.

    home: the globals() of the module that calls, in which numba's cache finds the type in the next process. Annotations
    must be names of `_FIELDS` or of classes given to this function before. Without the JIT it is `cls` itself.
    """
    if config.DISABLE_JIT:
        return cls
    kind = type(f"{cls.__name__}Type", (_Named,), {"__module__": home["__name__"]})
    structref.register(kind)
    home[kind.__name__] = kind
    made = type(f"{cls.__name__}Ref", (structref.StructRefProxy,), {"__module__": home["__name__"]})
    hints = {name: str(getattr(hint, "__forward_arg__", hint)) for name, hint in cls.__annotations__.items()}
    fields = [(name, _FIELDS[hint]) for name, hint in hints.items()]
    structref.define_attributes(kind)
    structref.define_constructor(made, kind, [name for name, _ in fields])
    structref.define_boxing(kind, made)
    _FIELDS[cls.__name__] = kind(fields)
    return made
