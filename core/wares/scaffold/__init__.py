"""New plugins from templates (`wares plugins new`), and the check of a plugin's contract (`wares plugins check`).

creating   writes a folder with a complete project: `create("acme-rental", key="rental")`
checking   checks the laws of wares.testing for every object that an installed plugin registers: `check("rental")`
templates  the files, as string.Template texts; those in `common` go into every project
"""

from __future__ import annotations

from wares.scaffold.checking import Checked, check
from wares.scaffold.creating import TEMPLATES, Created, create

__all__ = ["TEMPLATES", "Checked", "Created", "check", "create"]
