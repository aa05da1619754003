"""A tiny sound estate as the texts of its files, and a function that writes such texts into a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

TINY: dict[str, str] = {
    "estate.toml": """id = "tiny"
name_en = "Tiny"
name_ja = "小さな国"
fictional = true
season = "winter"
sources = ["typed by hand"]

[benchmark]
pass_mark = 72
overall = 58.5
technical = 37.8
organisational = 20.7
source = "a survey"
year = 2014
""",
    "sectors.csv": "id,name_en,name_ja,score [points]\npower,Power,電力,60\nport,Ports,港湾,\n",
    "organisations.csv": """id,name_en,name_ja,sector,employees,illustrative
grid,Grid operator,送配電事業者,power,1200,yes
harbour,Port operator,港湾運営者,port,300.0,TRUE
""",
    "suppliers.csv": "id,name_en,name_ja,kind\nmsp,Remote hands,遠隔保守,managed_service\n",
    "systems.csv": """id,organisation,name_en,name_ja,kind,exposure,suppliers,restore_p50_h,restore_p90_h
ems,grid,Control centre,中央給電指令所,ems,internal,msp,24,72
tos,harbour,Terminal system,ターミナルシステム,terminal_os,internet,msp,48,240
""",
    "assets.csv": """id,kind,organisation,lat,lon,capacity,unit,commanded_by
berth-1,berth,harbour,35.0,136.8,400,t/h,tos
berth-2,berth,harbour,35.1,136.9,300,t/h,tos
""",
    "power_buses.csv": """id,island,frequency_hz,demand_mw,kv,lat,lon,commanded_by
b1,east,50,40,275,36,140,ems
b2,east,50,30,275,36,139,ems
b3,west,60,20,275,35,137,ems
""",
    "power_branches.csv": """id,from_bus,to_bus,kind,x_pu,rating_mw,secure_mw
l1,b1,b2,ac,0.02,100,80
fc1,b2,b3,fc,,30,30
""",
    "generators.csv": "id,bus,fuel,p_min_mw,p_max_mw,fed_by\ng1,b1,gas,10,100,n1\ng2,b3,hydro,0,40,\n",
    "gas_nodes.csv": "id,demand_tph\nn1,10\nn2,5\n",
    "gas_pipes.csv": "id,from_node,to_node,capacity_tph,one_way\np1,n1,n2,20,no\n",
    "gas_sources.csv": "id,node,kind,capacity_tph\nlng1,n1,lng,30\n",
    "services.csv": """id,name_en,name_ja,sector,people,floor,tolerance_h,commanded_by
electricity-east,Electricity,電気,power,100000,0.9,1,
containers,Containers,コンテナ,port,50000,0.5,24,tos
""",
    "dependencies.csv": """id,dependant,providers,logic,k,commodity,autonomy_h,degraded
d1,electricity-east,b1; b2,mean,,electricity,0,0
d2,containers,berth-1;berth-2,k_of_n,1,access,0,0
d3,berth-1,b3,all,,electricity,6,0.2
d4,berth-2,b3,all,,electricity,6,0.2
""",
    "networks.csv": """id,organisation,kind,value
net-1,grid,cidr,192.0.2.0/24
net-2,grid,asn,AS64496
net-3,harbour,domain,port.example.jp
""",
    "contacts.csv": "id,organisation,role,channel,order\nc1,grid,duty desk,phone,1\n",
    "profiles.csv": "id,b00,b12,winter\nhomes,0.6,1,1\n",
}
"""File name -> text of an estate without a fault or a warning."""

Write = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def tiny() -> dict[str, str]:
    """Return the texts of the tiny estate; the test may change them."""
    return dict(TINY)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes texts or bytes into a fresh folder and returns it."""

    def into(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "estate"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return into
