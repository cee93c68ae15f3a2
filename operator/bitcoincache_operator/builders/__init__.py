"""Pure: what is wanted -> manifests. One module a component.

Belongs here: manifests, and what decides their content. Does not belong here: I/O, time, randomness, or anything about
what the cluster holds that isn't handed in.
"""
