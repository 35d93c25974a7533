"""Process: what runs. Programmes as data, dialogue processes, their building blocks and dates.

Responsible for: programmes and their block templates, processes with goal and promise, blocks with
tasks, the timeline, the conditions for publishing, the facts of documented dialogues.
Not responsible for: what a block does inside (the contexts above do that).
"""
