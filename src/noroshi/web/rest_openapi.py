"""The description of the REST interface: what Litestar says of the handlers, with what it cannot know of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.web import rest_case_reckoning, rest_shapes, rest_warning_shapes
from noroshi.web.rest_objects import QUERY

if TYPE_CHECKING:
    from litestar import Litestar

__all__ = ["described"]

METHODS = ("get", "put", "post", "delete", "patch")
ABOUT = {
    "title": "Noroshi", "version": "1",
    "description": (
        "What a principal may see and do, and nothing else: what is hidden answers as what is not there. Errors are "
        "problems (RFC 9457). Log in by HTTP Basic, by a bearer token, or by a session's cookie with X-CSRF-Token."
    ),
}  # fmt: skip
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic"},
    "session": {"type": "apiKey", "in": "cookie", "name": "noroshi"},
}  # fmt: skip
PROBLEMS = {
    "400": "The request is not right.", "401": "Nobody known asks.", "403": "The table of permissions says never.",
    "404": "There is no such thing, or one may not know of it.", "405": "It has no such method.",
    "406": "It has no such form.", "409": "It does not fit what is there.", "413": "It is too large.",
    "414": "The query is too long.", "415": "It is not JSON.", "422": "It is JSON, and not what is wanted.",
    "429": "Asked too often; Retry-After says when to ask again.",
}  # fmt: skip
ANY_OBJECTS = {
    "description": "One STIX object, a list of them, a bundle, or an envelope with `objects`.",
    "oneOf": [
        {"type": "array", "items": {"$ref": "#/components/schemas/StixObject"}, "maxItems": 10000},
        {"$ref": "#/components/schemas/StixObject"},
        {"type": "object", "required": ["objects"], "properties": {
            "objects": {"type": "array", "items": {"$ref": "#/components/schemas/StixObject"}, "maxItems": 10000}}},
    ],
}  # fmt: skip
STIX_OBJECT = {
    "type": "object", "required": ["type", "id"], "description": "A STIX 2.1 object; it is checked by itself.",
    "properties": {"type": {"type": "string"}, "id": {"type": "string"}},
    "not": {"required": ["objects"]},
}  # fmt: skip


def described(app: Litestar, prefix: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of an app whose handlers say in `opt` what they take."""
    said: dict[str, Any] = app.openapi_schema.to_schema()
    options = {
        (handler.paths and route.path, method.lower()): handler.opt
        for route in app.routes for handler in getattr(route, "route_handlers", ()) for method in handler.http_methods
    }  # fmt: skip
    paths = {}
    for path, methods in said["paths"].items():
        if not path.startswith(prefix):
            continue
        for method in METHODS:
            if method in methods:
                route = next(at for at, _ in options if same(at, path))
                complete(methods[method], options[route, method])
        paths[path] = {method: methods[method] for method in METHODS if method in methods}
    shapes = [getattr(room, name) for room in (rest_shapes, rest_warning_shapes) for name in room.__all__]
    _, schemas = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    schemas = {**said["components"]["schemas"], **schemas, "StixObject": STIX_OBJECT}
    return {
        "openapi": said["openapi"], "info": ABOUT, "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": SCHEMES}, "security": [{name: []} for name in SCHEMES],
    }  # fmt: skip


def same(route: str, path: str) -> bool:
    """Say whether Litestar's path of a route and the document's are one: they differ in how they write parameters."""
    mine, theirs = (one.strip("/").split("/") for one in (route, path))
    return len(mine) == len(theirs) and all(
        a == b or (a.startswith("{") and b.startswith("{")) for a, b in zip(mine, theirs, strict=True)
    )


def complete(operation: dict[str, Any], option: dict[str, Any]) -> None:
    """Add to an operation what is refused and how, the parameters of its query, its raw body, and who may ask."""
    responses = operation["responses"]
    for status, words in PROBLEMS.items():
        responses[status] = {
            "description": words,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    responses.get("204", {}).pop("content", None)
    for name in option.get("query", ()):
        operation.setdefault("parameters", []).append(
            {"name": name, "in": "query", "required": False, "description": MEANING[name], "schema": SCHEMA_OF[name]}
        )
    if option.get("raw"):
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": ANY_OBJECTS}}}
    if option.get("open"):
        operation["security"] = []


SCHEMA_OF: dict[str, dict[str, Any]] = {
    "added_after": {"type": "string", "format": "date-time"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    "next": {"type": "string"},
    "id": {"type": "string", "minLength": 1},
    "type": {"type": "string", "pattern": "^[a-z0-9-]{1,250}(,[a-z0-9-]{1,250})*$"},
    "version": {"type": "string", "minLength": 1},
    "spec_version": {"type": "string", "enum": ["2.0", "2.1", "2.0,2.1"]},
    **{name: schema for name, (_, schema) in rest_case_reckoning.QUERY.items()},
}
"""Parameter of a query -> what it may be."""
MEANING = {
    **{name: words for name, (_, words) in QUERY.items()},
    **{name: words for name, (words, _) in rest_case_reckoning.QUERY.items()},
}
"""Parameter of a query -> what it is for."""
