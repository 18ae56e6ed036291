"""The words of page furniture, labels and bylines, per kind and language: data, no rules.

Phrases are written as `keys.line_key` writes a line: lower case, no punctuation, "#" for a
number. "|" stands between phrases; a phrase may end in "*" (a few more words may follow).
"""
