"""New plugins from templates (`wares plugins new`), and whether a plugin keeps its contract (`wares plugins check`).

create     a folder with a complete project of its own: `create("acme-rental", key="rental")`
checking   the laws of wares.testing over everything that an installed plugin registers: `check("rental")`
templates  the files, as string.Template texts; `common` goes into every project
"""

from __future__ import annotations

from wares.scaffold.checking import Checked, check
from wares.scaffold.creating import TEMPLATES, Created, create

__all__ = ["TEMPLATES", "Checked", "Created", "check", "create"]
