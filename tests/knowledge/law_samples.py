"""Small acts and notes written for tests; nobody's real law."""

from datetime import date

from handenhet.knowledge.guidance import Note
from handenhet.knowledge.statutes.blocks import Act
from handenhet.knowledge.statutes.reader import read

IMPORTED = date(2026, 11, 22)
TODAY = date(2026, 11, 22)

SOL = """---
beteckning: "2025:400"
rubrik: Socialtjänstlag (2025:400)
ikraft_datum: 2025-07-01
publicerad_datum: 2026-01-01
---

## 14 kap. Handläggning

#### 14 kap. 2 §

Utredning inleds vid besked om behov av en åtgärd.

## 20 kap. Bedömning och utredning

### Förhandsbedömning

#### 20 kap. 1 §

Skyddsbehovet prövas på stående fot.

#### 20 kap. 2 §

Efter en underrättelse avgör nämnden om ärendet öppnas, på två veckor.

#### 20 kap. 3 §

Kartläggningen avslutas på fyra månader.
"""

LVU = """---
beteckning: 1990:52
rubrik: Lag om vård av unga
ikraft_datum: 1990-07-01
---

## Vård

### 6 §

Nämnden får hämta den unge på stubben vid stor fara. Lag (2022:1).

### 7 §

Rätten granskar hämtningen på en vecka.
"""


def act(text: str) -> Act:
    return read(text, name="prov.md", imported=IMPORTED)


NOTE = Note(
    sfs="2025:400",
    act="Socialtjänstlagen",
    short="SoL",
    section="20 kap. 2 §",
    title="Förhandsbedömning",
    text="Nämnden har fjorton dagar på sig att bestämma om anmälan ska utredas.",
    terms=("förhandsbedömning",),
    questions=("hur snabbt måste vi börja utreda efter en anmälan", "skolan ringde i fredags, hur lång tid har vi"),
    related=("20 kap. 3 §",),
)
