"""Tests bioimage.io packages with bioimageio.core, prints what it found as
JSON, and fails where one does not pass.

Needs bioimageio.core and onnxruntime (and, for bioimageio.spec 0.5.12, a
pydantic below 2.13).

    deno run -P=test write_packages.ts FOLDER
    python check_packages.py FOLDER
"""

import json
import sys
from pathlib import Path

from bioimageio.core import test_description

found = {}
for path in sorted(Path(sys.argv[1]).glob("*.zip")):
    summary = test_description(path)
    found[path.stem] = {
        "status": summary.status,
        "errors": [
            f"{'.'.join(map(str, error.loc))}: {error.msg}"
            for detail in summary.details
            for error in detail.errors
        ],
    }
print(json.dumps(found, indent=1))
sys.exit(any(one["status"] != "passed" for one in found.values()))
