"""The plugins of a program: finding and loading them, the objects that they registered, and a typed call for every hook.

    loader    finds the entry points, lets each plugin in or records the reason why not: `load_plugins() -> Plugins`
    contract  checks a plugin before it is let in
    objects   checks the objects that a plugin registers
    registry  holds every registered object by key, with its owner
    calls     `Calls`: one typed method for each hook
    answers   checks the answers of plugins
    blame     names the plugin that broke its contract

Nothing is loaded at import and there is no global plugin manager: `load_plugins` gives a fresh set to each caller.
"""
