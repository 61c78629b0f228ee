"""Plugins: finding and loading them, what they registered, and a typed call for every hook.

    loader    find the entry points, let each plugin in or record why not: `load_plugins() -> Plugins`
    contract  what a plugin must look like before it is let in
    objects   what a registered object must look like
    registry  every registered object by key, with its owner
    calls     `Calls`: one typed method per hook; a plugin that breaks its contract is named
    culprit   whose code an exception came from

Nothing is loaded at import and there is no global plugin manager: `load_plugins` gives a fresh set to whoever asks.
"""
