"""The revisions of the plugin's tables, one file each."""
