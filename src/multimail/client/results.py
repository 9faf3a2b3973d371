"""Answers as objects and as mappings at once; the classes of each operation are generated beside this.

`result["status"]` and `result.status` are the same value, and `json.dumps(result)` is the server's JSON. Times stay
the server's text in both (RFC 3339, UTC): `datetime.fromisoformat(result.scheduled_at)` reads them. A field of the
operation that the answer left out is None; fields of newer servers are there too, and other names raise as usual.
A field whose name is also a method of mappings is the field: `inbox.items` is the list of mails, and calling it
is the method.
"""

from __future__ import annotations

import difflib
import inspect
import operator
import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, Generic, SupportsIndex, TypeVar, overload

T = TypeVar("T")
R = TypeVar("R", bound="Result")

_short: Final = reprlib.Repr()
_short.maxstring = _short.maxother = 100
_short.maxlist = _short.maxdict = 5
_short.maxlevel = 4


def declared(cls: type) -> list[str]:
    """The fields that a class body declares."""
    return [name for name in inspect.get_annotations(cls) if not name.startswith("_")]


class Rows(list[T]):
    """A list under a name that is a method of mappings: it is the list, and calling it is the method."""

    def __init__(self, rows: Iterable[T], method: Callable[[], Any]) -> None:
        super().__init__(rows)
        self._method = method

    def __call__(self) -> Any:
        return self._method()

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


def _field_before_method(name: str) -> property:
    """The field where the answer has it, callable as the mapping's method; the method where it has not."""

    def value(result: Result) -> Any:
        method = getattr(super(Result, result), name)
        if name not in result and name != "items":
            return method
        rows = result[name]
        return Rows(rows, method) if isinstance(rows, list) else rows

    return property(value)


class Result(dict[str, Any]):
    """An answer, or a part of one. What no subclass declares is kept as plain JSON.

    `_views` says what is an answer within the answer; `_also` are further names of values that have one already.
    """

    __slots__ = ()
    _views: ClassVar[Mapping[str, type[Result]]] = {}
    _fields: ClassVar[tuple[str, ...]] = ()
    _also: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        own = declared(cls)
        cls._fields = tuple(dict.fromkeys([*cls._fields, *own]))
        for name in own:
            if hasattr(dict, name):
                setattr(cls, name, _field_before_method(name))

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer)
        for name in self._views.keys() & answer.keys():
            self[name] = view_of(self._views[name], answer[name])
        for name in self._also & answer.keys():
            self[name] = self._one_of(answer, name)

    def _one_of(self, answer: Mapping[str, Any], name: str) -> Any:
        """A list that came under several names is one list here."""
        value = answer[name]
        if isinstance(value, list):
            for own in self._views:
                if answer.get(own) == value:
                    return self[own]
        return value

    def __getattr__(self, name: str) -> Any:
        for key in (name, name.removesuffix("_")):
            if key in self:
                return self[key]
        if name in self._fields:
            return None
        raise AttributeError(unknown(type(self), name, [*self._fields, *self]))

    def __missing__(self, key: str) -> Any:
        if key in self._fields:
            return None
        raise KeyError(key)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._fields, *self})

    def __repr__(self) -> str:
        names = (name for name in self._fields or self if name in self and name not in self._also)
        return written(type(self), {name: self[name] for name in names})


class Listing(Result, Generic[R]):
    """A page of rows as a mapping: `items` is the list of rows, whatever name the operation has for it."""

    __slots__ = ()
    _rows: ClassVar[str] = ""
    _also: ClassVar[frozenset[str]] = frozenset({"items"})
    items: Rows[R]
    cursor: str | None

    def __missing__(self, key: str) -> Any:
        return self.get(self._rows, []) if key == "items" else super().__missing__(key)


class ListResult(list[R], Generic[R]):
    """A page of rows that is the list itself, false when empty, and still the mapping that the server sent."""

    _rows: ClassVar[str] = ""
    _row: ClassVar[type[Result]] = Result
    _fields: ClassVar[tuple[str, ...]] = ()
    cursor: str | None

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(dict.fromkeys(["cursor", *declared(cls)]))
        for name in cls._fields:
            if hasattr(list, name):
                setattr(cls, name, property(operator.itemgetter(name)))

    def __init__(self, answer: Mapping[str, Any]) -> None:
        rows = answer.get(self._rows) or []
        super().__init__(view_of(self._row, rows))
        self._names = tuple(answer)
        self._beside = {name: value for name, value in answer.items() if value != rows and name != self._rows}

    @property
    def items(self) -> Rows[R]:
        """The rows; called, the pairs of names and values."""
        return Rows(self, self._pairs)

    def _pairs(self) -> list[tuple[str, Any]]:
        return [(name, self[name]) for name in self._names]

    def keys(self) -> list[str]:
        """The names in the server's answer."""
        return list(self._names)

    def values(self) -> list[Any]:
        """The values in the server's answer."""
        return [self[name] for name in self._names]

    def get(self, name: str, default: Any = None) -> Any:
        """The value under a name of the server's answer."""
        return self[name] if name in self._names else default

    def __contains__(self, key: object) -> bool:
        return key in self._names if isinstance(key, str) else super().__contains__(key)

    @overload
    def __getitem__(self, key: str) -> Any: ...
    @overload
    def __getitem__(self, key: SupportsIndex) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> list[R]: ...
    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        if key in self._beside:
            return self._beside[key]
        if key in {*self._names, self._rows, "items"}:
            return self
        if key in self._fields:
            return None
        raise KeyError(key)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in {*self._names, *self._fields}:
            raise AttributeError(unknown(type(self), name, self._fields))
        return self[name]


def view_of(view: type[Result], value: Any) -> Any:
    """An object, or each of a list of objects, as a view; anything else as it is."""
    if isinstance(value, dict):
        return view(value)
    if isinstance(value, list):
        return [view(one) if isinstance(one, dict) else one for one in value]
    return value


def unknown(cls: type, name: str, known: Iterable[str]) -> str:
    """The words of an AttributeError, with what was perhaps meant."""
    near = difflib.get_close_matches(name, sorted(set(known)), n=2)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"{cls.__name__} has no {name!r}{hint}"


def written(cls: type, fields: Mapping[str, Any]) -> str:
    """A result as a line for people: what was answered, long values shortened."""
    return f"{cls.__name__}({', '.join(f'{name}={_short.repr(value)}' for name, value in fields.items())})"
