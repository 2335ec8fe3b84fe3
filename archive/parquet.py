"""Articles as Parquet, its columns those of schema `article/1`. Needs pyarrow, which is installed by who wants this."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, BinaryIO

import pyarrow as pa  # type: ignore[import-not-found,unused-ignore]  # no dependency of ours
import pyarrow.parquet as pq  # type: ignore[import-not-found,unused-ignore]  # nor this

from archive.articles.schema import SCHEMA

_ROWS = 2000  # a row group: a few megabytes of text


async def write_parquet(lines: AsyncIterator[bytes], *, target: BinaryIO) -> None:
    """Writes JSON Lines of articles as one Parquet file; memory holds one row group."""
    schema = arrow_schema(SCHEMA)
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        async for line in lines:
            rows.append(json.loads(line))
            if len(rows) == _ROWS:
                await asyncio.to_thread(_write, writer, rows)
                rows = []
        await asyncio.to_thread(_write, writer, rows)


def _write(writer: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    writer.write_table(pa.Table.from_pylist([_paired(row) for row in rows], schema=writer.schema))


def _paired(row: Mapping[str, Any]) -> dict[str, Any]:
    """Maps are lists of pairs to pyarrow."""
    return {**row, "sources": list(row["sources"].items())}


def arrow_schema(schema: Mapping[str, Any]) -> Any:
    """The columns of a JSON Schema: an object is a struct, one with arbitrary keys a map, everything may be null."""
    return pa.schema([pa.field(name, _type(told)) for name, told in schema["properties"].items()])


def _type(told: Mapping[str, Any]) -> Any:
    kinds = told.get("type", "string")  # the closed lists are of strings
    kind = kinds if isinstance(kinds, str) else next(each for each in kinds if each != "null")
    match kind:
        case "array":
            return pa.list_(_type(told["items"]))
        case "object" if "properties" in told:
            return pa.struct([pa.field(name, _type(inner)) for name, inner in told["properties"].items()])
        case "object":
            return pa.map_(pa.string(), pa.string())
        case "integer":
            return pa.int64()
        case "boolean":
            return pa.bool_()
        case _:
            return pa.string()
