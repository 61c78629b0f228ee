"""The core's revisions, one file each, in one line. `HEAD` is the newest."""

HEAD = "0001"
