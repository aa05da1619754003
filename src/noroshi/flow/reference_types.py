"""Named tuples of arrays as one pointer: numba copies a tuple's arrays into every call, and compiles for minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.core.datamodel import default_manager, models
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.experimental import structref

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

T = TypeVar("T")

_ARRAYS: dict[str, Any] = {
    "Floats": types.float64[::1],
    "Ints": types.int64[::1],
    "Bools": types.boolean[::1],
    "Tables": types.float64[:, ::1],
    "Whole": types.int64[:, ::1],
    "float": types.float64,
    "int": types.int64,
}
"""Name of a field's annotation -> its compiled type."""
_KINDS: dict[type, Any] = {}
"""Class passed by reference -> its compiled type."""


class _Named(types.StructRef):  # type: ignore[misc]
    """A structure known by its short name: numba writes a type's name into every symbol, and thinks in symbols."""

    def __init__(self, fields: list[tuple[str, Any]]) -> None:
        """Take the fields, and the name of the class."""
        super().__init__(fields)
        self.name = type(self).__name__


def by_reference(cls: type[T], namespace: MutableMapping[str, Any]) -> type[T]:
    """Return a class with the fields of the named tuple `cls`, made by `made(*values)` in a kernel, passed by pointer.

    Annotations must be names of `_ARRAYS`, or of classes in `namespace` given to this function before. `namespace` is
    the caller's `globals()`: the compiled type is put there, where numba's cache finds it in the next process.
    Without the JIT it is `cls` itself.
    """
    if config.DISABLE_JIT:
        return cls
    where = {"__module__": namespace["__name__"]}
    kind = type(f"{cls.__name__}Type", (_Named,), where)
    default_manager.register(kind, models.StructRefModel)
    _define_attributes(kind)
    namespace[kind.__name__] = kind
    made = type(f"{cls.__name__}Ref", (structref.StructRefProxy,), where)
    fields = _compiled(cls, namespace)
    structref.define_constructor(made, kind, [name for name, _ in fields])
    structref.define_boxing(kind, made)
    _KINDS[cls] = kind(fields)
    return made


def _define_attributes(kind: type) -> None:
    """Define how fields are read and written, as `structref.define_attributes` does.

    That one refuses to read where references are not counted, though reading needs only the place of the data. A field
    is written by the constructor alone.
    """

    @infer_getattr
    class Fields(AttributeTemplate):  # type: ignore[misc]
        key = kind

        def generic_resolve(self, typ: Any, attr: str) -> Any:  # noqa: ANN401  types of numba
            return typ.field_dict.get(attr)

    @lower_getattr_generic(kind)
    def read(context: Any, builder: Any, typ: Any, value: Any, attr: str) -> Any:  # noqa: ANN401  numba's own objects
        found = getattr(_payload(context, builder, typ, value), attr)
        return impl_ret_borrowed(context, builder, typ.field_dict[attr], found)

    @lower_setattr_generic(kind)
    def write(context: Any, builder: Any, sig: Any, args: Any, attr: str) -> None:  # noqa: ANN401  numba's own objects
        (typ, given), (place, value) = sig.args, args
        cast = context.cast(builder, value, given, typ.field_dict[attr])
        context.nrt.incref(builder, given, cast)
        setattr(_payload(context, builder, typ, place), attr, cast)


def _payload(context: Any, builder: Any, typ: Any, value: Any) -> Any:  # noqa: ANN401  numba's own objects
    """Return the fields behind a reference."""
    holder = cgutils.create_struct_proxy(typ)(context, builder, value=value).meminfo
    form = ir.FunctionType(cgutils.voidptr_t, [cgutils.voidptr_t])
    place = builder.call(cgutils.get_or_insert_function(builder.module, form, "NRT_MemInfo_data_fast"), [holder])
    data = typ.get_data_type()
    pointer = builder.bitcast(place, context.data_model_manager[data].get_value_type().as_pointer())
    return cgutils.create_struct_proxy(data)(context, builder, ref=pointer)


def kind_of(cls: type) -> Any:  # noqa: ANN401  a type of numba's
    """Return the compiled type of a class that was given to `by_reference`; None without the JIT."""
    return _KINDS.get(cls)


def _compiled(cls: type, namespace: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields of a named tuple with their compiled types."""
    fields = []
    for name, hint in cls.__annotations__.items():
        said = str(getattr(hint, "__forward_arg__", hint))
        fields.append((name, _ARRAYS[said] if said in _ARRAYS else _KINDS[namespace[said]]))
    return fields


FLOATS, INTS, BOOLS, TABLES, WHOLE = (_ARRAYS[name] for name in ("Floats", "Ints", "Bools", "Tables", "Whole"))
"""The compiled types of the arrays that kernels take."""
