"""How the site writes days and times, where a language's stock formats are not ours."""
