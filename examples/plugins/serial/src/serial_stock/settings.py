"""The plugin's section of the program settings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SerialSettings(BaseModel):
    """`[plugins.serial_stock]` in wares.toml, or WARES_PLUGINS__SERIAL_STOCK__WARN_DAYS."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    warn_days: int = Field(30, ge=0)
    """Days before its expiry date from which a number counts as expiring."""
