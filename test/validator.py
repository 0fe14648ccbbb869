"""Holds an episode, and what the commands print, against the published schemas with a validator that is not ours.

usage: validator.py SCHEMAS EPISODE [NAME FILE]...
EPISODE is "-" for none. NAME is that of a result's schema, or else of a document's.
Debian's python3-jsonschema; exit 1 and a line per violation if anything does not fit.
"""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

schemas, episode = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
problems = 0


def validator(path):
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def hold(document, against, name):
    global problems
    for error in against.iter_errors(document):
        problems += 1
        print(f"{name}: {error.json_path}: {error.message[:200]}")


for path in sorted(schemas.rglob("*.schema.json")):
    validator(path)

checked = 0


def hold_episode(episode):
    global checked
    hold(json.loads((episode / "meta.json").read_text()), validator(schemas / "meta.schema.json"), "meta.json")
    hold(json.loads((episode / "done.marker").read_text()), validator(schemas / "marker.schema.json"), "done.marker")
    files = [(episode / "events.jsonl", schemas / "event.schema.json"), (episode / "labels.jsonl", schemas / "label.schema.json")]
    files += [(path, schemas / "sources" / f"{path.stem}.schema.json") for path in sorted((episode / "telemetry").glob("*.jsonl"))]
    for path, schema in files:
        against = validator(schema)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            hold(json.loads(line), against, f"{path.name}:{number}")
            checked += 1


def schema_of(name):
    result = schemas / "results" / f"{name}.schema.json"
    return result if result.exists() else schemas / f"{name}.schema.json"


if sys.argv[2] != "-":
    hold_episode(episode)
for name, path in zip(sys.argv[3::2], sys.argv[4::2]):
    hold(json.loads(pathlib.Path(path).read_text()), validator(schema_of(name)), name)
    checked += 1

print(f"{checked} rows and documents checked, {problems} violations")
sys.exit(1 if problems or not checked else 0)
