"""First names common in Sweden, for telling that a question is about somebody. Names that are also common words are left out."""

FIRST_NAMES = frozenset(
    """
    abdi adam adrian agneta ahmed aisha albin alexander alexandra alfred ali alice alicia alma alva amanda amir amira anders
    andreas anette angelica anita anna annika anton arvid astrid august axel barbro bengt benjamin berit birgitta
    bo britt camilla carina carl caroline cecilia charlotte christer christian christina christoffer clara daniel david
    ebba edvin elias elin elina elisabeth ella ellen elsa emelie emil emilia emily emma erik erika eva evelina fatima felicia
    felix filip fredrik frida fatma gabriel gunilla gunnar gustav hampus hanna hannah hans hassan helen helena henrik
    hugo hussein ibrahim ida inga inger ingrid isabella isak jakob jenny jens jesper jessica joakim johan johanna johannes
    john jonas jonathan josef josefin josefine julia kajsa kalle karin karl karolina katarina kerstin kevin khadija kim
    klara kristin kristina kurt lars lasse leif lena leo leon liam lina linda linnea linus lisa lotta louise lovisa lucas
    ludvig lukas madeleine magnus maja malin margareta maria marie marcus martin martina mats matilda mattias
    max melker mia michael mikael mohamed mohammed moa mona monica monika mustafa märta natalie nils niklas noah nora
    olivia olle olof omar oscar oskar ossian patrik per-olof pernilla peter petra pia pontus rebecka rickard robert robin roger
    roland ronja ruth sabina samira samuel sandra sara sebastian signe simon sofia sofie stefan stella sten stina sven susanne
    svante theo therese thomas tilde tim tobias tomas tove ulf ulla ulrika urban vanja vera veronica victoria viktor vilgot
    ville wilma william yasmin yusuf ylva zahra åke åsa örjan
    """.split()  # noqa: SIM905
) - {"bo", "max", "kim", "august", "urban", "klara", "ville", "tim", "sten"}
