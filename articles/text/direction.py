"""Which way a language is written."""

#: Primary subtags of languages written from right to left (CLDR, characterOrder).
RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"}
)


def direction(language: str) -> str:
    """Return the `dir` of a BCP 47 language tag: "rtl" or "ltr"."""
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"
