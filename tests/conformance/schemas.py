"""Arranges the schemas of the Python package `kubernetes-validate` for kubeconform.

Usage: schemas.py VERSION FOLDER, for example `schemas.py 1.33.0 schemas`.
The package keeps all definitions in one file, which kubeconform cannot follow; here each kind gets
the definitions that it reaches. Nothing of the package is kept in the repository.
"""

import importlib.resources
import json
import pathlib
import sys


def references(node):
    """Names of the definitions that a schema refers to; each reference is made a local one."""
    if isinstance(node, dict):
        target = node.get("$ref", "")
        if "#/$defs/" in target:
            name = target.split("#/$defs/", 1)[1]
            node["$ref"] = "#/$defs/" + name
            yield name
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def main(version, folder):
    package = importlib.resources.files("kubernetes_validate")
    source = pathlib.Path(str(package)) / "kubernetes-json-schema" / f"v{version}-local-strict"
    target = pathlib.Path(folder) / f"v{version}-standalone-strict"
    target.mkdir(parents=True, exist_ok=True)
    definitions = json.loads((source / "_definitions.json").read_text())["$defs"]
    reach = {name: set(references(schema)) for name, schema in definitions.items()}
    for file in sorted(source.glob("*.json")):
        schema = json.loads(file.read_text())
        if "x-kubernetes-group-version-kind" not in schema:
            continue
        needed, waiting = set(), list(references(schema))
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting.extend(reach[name])
        schema.pop("$id", None)
        schema.pop("$schema", None)
        schema["$defs"] = {name: definitions[name] for name in sorted(needed)}
        (target / file.name).write_text(json.dumps(schema))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
