"""The core's revisions, one file each, in one linear chain. `HEAD` is the newest."""

HEAD = "0006"
