"""YAML of which all scalars are texts, as in the files of languages."""

import yaml

# libyaml's parser is up to fifty times as fast; PyYAML ships without it on a few platforms.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def load(data: bytes | str) -> object:
    """Return the value of a document: texts, lists and mappings. Raise `yaml.YAMLError`."""
    value: object = yaml.load(data, Loader=_LOADER)
    return value
