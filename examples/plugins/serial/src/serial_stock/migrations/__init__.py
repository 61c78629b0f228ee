"""The revisions of the plugin's table, one file each."""
