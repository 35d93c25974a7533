"""The look: layouts, components, forms and words of state, in KERN's design.

Responsible for how a page is built and how a value is said (a date, a text in several languages, a
protected number). Not responsible for what is on a page: contexts own their pages and hand in plain
values or the small dataclasses of `way` and `blocks`.
"""
