"""The cellar: tools that every context uses and that know no domain words.

Tenancy, rights, audit, jobs, live events, languages, documents, look. Nothing here
imports a floor above; a floor that wants to be found registers itself (see `registry`).
"""
