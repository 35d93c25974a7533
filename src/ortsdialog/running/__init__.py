"""A site at work: web server and job worker as children of one process, started, watched and stopped together.

`site` prepares and serves a real installation, `demo` a demonstration in a folder of its own. Neither knows
what a dialogue is.
"""
