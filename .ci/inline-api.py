"""Writes the template with api.yaml in place of its AWS::Include, as JSON, for linters that do not read included files.

Usage: inline-api.py SAM_FOLDER OUTPUT
"""

import json
import sys
from pathlib import Path

import yaml


class Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions as their long forms, and times as text."""


def function(loader, name, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else "Fn::" + name: value}


Loader.add_multi_constructor("!", function)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main(sam, output):
    template = yaml.load((sam / "template.yaml").read_text(), Loader)
    inlined = 0
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        include = properties.get("DefinitionBody", {}).get("Fn::Transform")
        if include:
            location = include["Parameters"]["Location"]
            properties["DefinitionBody"] = yaml.load((sam / location).read_text(), Loader)
            inlined += 1
    if inlined != 1:
        sys.exit(f"expected one API with an included definition, found {inlined}")
    output.write_text(json.dumps(template, indent=1))


main(Path(sys.argv[1]), Path(sys.argv[2]))
