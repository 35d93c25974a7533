"""A small Germany in the layout of the official register: 16 Länder, and a few towns in the south-west."""

from __future__ import annotations

from pathlib import Path

LENGTH = 220


def record(
    kind_of_record: int,
    ags: str,
    name: str,
    *,
    association: str = "",
    seat: str = "",
    kind: str = "",
    area: int | None = None,
    population: int | None = None,
    postcode: str = "",
    as_of: str = "20231130",
) -> str:
    """One record; columns as the register's description gives them."""
    numbers = "" if area is None or population is None else f"{area:011d}{population:011d}{population // 2:011d}"
    key, names = f"{ags:<8}{association:<4}", f"{name:<50}{seat:<50}"
    return f"{kind_of_record}{as_of}{key}{names}{kind:<2}    {numbers:<33}    {postcode:<5}".ljust(LENGTH)


def small_germany(as_of: str = "20231130") -> list[str]:
    """All Länder; in Land 08 one Regierungsbezirk, one Region, one Stadtkreis, one Landkreis with two towns."""
    lines = [record(10, f"{number:02d}", f"Land {number}", seat="Hauptstadt", as_of=as_of) for number in range(1, 17)]
    lines += [
        record(20, "081", "Reg.-Bez. Stuttgart", seat="Stuttgart", as_of=as_of),
        record(30, "0811", "Region Stuttgart", seat="Stuttgart", as_of=as_of),
        record(40, "08111", "Stuttgart, Stadtkreis", seat="Stuttgart", kind="42", as_of=as_of),
        record(50, "08111", "Stuttgart, Landeshauptstadt", association="0000", kind="50", as_of=as_of),
        record(
            60,
            "08111000",
            "Stuttgart, Landeshauptstadt",
            association="0000",
            kind="62",
            area=20733,
            population=632865,
            postcode="70173",
            as_of=as_of,
        ),
        record(40, "08116", "Esslingen", seat="Esslingen am Neckar", kind="44", as_of=as_of),
        record(50, "08116", "Ostfildern, Stadt", association="0080", kind="50", as_of=as_of),
        record(
            50,
            "08116",
            "Oelsnitz/Vogtl., Bösenbrunn, Eichigt",
            association="5001",
            seat="Plochingen",
            kind="54",
            as_of=as_of,
        ),
        record(
            60,
            "08116080",
            "Ostfildern, Stadt",
            association="0080",
            kind="67",
            area=2281,
            population=39806,
            postcode="73760",
            as_of=as_of,
        ),
        record(
            60,
            "08116056",
            "Plochingen (Neckar),  Seebad , Stadt",
            association="5001",
            kind="63",
            area=1064,
            population=14500,
            postcode="73207",
            as_of=as_of,
        ),
        record(60, "08116999", "Forst,gemfr.Geb.", association="5001", kind="66", area=12, population=0, as_of=as_of),
    ]
    return lines


def write(folder: Path, lines: list[str], *, name: str = "GV100AD.txt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path
