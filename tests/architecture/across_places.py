"""The recorded number of uses of `across_places`, by reason. It may only fall.

python -m tests.architecture.across_places              record what there is, if it is not more than before
python -m tests.architecture.across_places --more       record more, after a review of every new use
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from tests.architecture.checks.sources import uses_across_places
from tests.architecture.house import sources

RECORD = Path(__file__).with_name("across_places.json")


def recorded() -> Counter[str]:
    return Counter(json.loads(RECORD.read_text(encoding="utf-8")))


def differences(now: Counter[str], before: Counter[str]) -> list[str]:
    """What has changed since the record. A fall has to be recorded too, or it could rise again unseen."""
    complaints = []
    for reason in sorted({*now, *before}):
        if now[reason] > before[reason]:
            complaints.append(
                f"{reason}: {now[reason]} uses of across_places, {before[reason]} are recorded. Can the place be "
                "opened instead? If not: have the new use reviewed, then record it: "
                "python -m tests.architecture.across_places --more"
            )
        elif now[reason] < before[reason]:
            complaints.append(
                f"{reason}: {now[reason]} uses of across_places, fewer than the {before[reason]} recorded. Well done; "
                "keep it so: python -m tests.architecture.across_places"
            )
    return complaints


def main(arguments: list[str]) -> int:
    now, before = uses_across_places(sources()), recorded() if RECORD.exists() else Counter()
    risen = [reason for reason in now if now[reason] > before[reason]]
    if risen and "--more" not in arguments:
        print(*differences(now, before), sep="\n", file=sys.stderr)
        return 1
    RECORD.write_text(json.dumps(dict(sorted(now.items())), indent=2) + "\n", encoding="utf-8")
    print(f"Recorded: {dict(sorted(now.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
