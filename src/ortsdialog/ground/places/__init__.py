"""Places: Germany's administrative units from the official register, and the towns that take part.

Responsible for: Länder, Regierungsbezirke, Kreise, Gemeindeverbände, Gemeinden with AGS and ARS,
the importer of the register, a town's own settings (languages, contact, legal notices).
Not responsible for: people and their roles (accounts), dialogues (process).
"""
