"""Site: what everybody sees, put together from all floors.

Responsible for: start page, programme, place and process pages, the receipt page ("what became of
it"), the staff's start desk.
Not responsible for: data of its own; it has none.
"""
