"""Site folders: the names under which a site may lie in the folder of its handbook.

A handbook outside the checkout of Starbook has its sites in its own folder. Whoever reads content
passes over them. The fast path needs this before any package exists.
"""

import os

PRIVATE, PUBLIC = "site", "site-public"
NAMES = (PRIVATE, PUBLIC)
# The file in a site that lists what was written.
MANIFEST = ".starbook.json"


def find(content: str) -> tuple[str, ...]:
    """Return the names of the sites in a content folder.

    A folder of the person's that has such a name is none, and is read like any other.
    """
    manifests = ((name, os.path.join(content, name, MANIFEST)) for name in NAMES)
    return tuple(name for name, manifest in manifests if os.path.isfile(manifest))
