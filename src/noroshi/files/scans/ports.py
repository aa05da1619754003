"""Ports and service names by which Nmap tells what must not be reachable from the internet, and what manages others."""

from __future__ import annotations

__all__ = ["CORE_NAMES", "CORE_PORTS", "MANAGEMENT_NAMES", "MANAGEMENT_PORTS", "MUST_ASK"]

CORE_PORTS: dict[tuple[str, int], str] = {
    **dict.fromkeys([("tcp", 3389), ("tcp", 5900), ("tcp", 5901), ("tcp", 23), ("tcp", 512), ("tcp", 513)],
                    "remote desktop"),
    **dict.fromkeys([("tcp", 445), ("tcp", 139), ("tcp", 2049), ("tcp", 873), ("tcp", 548)], "file sharing"),
    **dict.fromkeys([("tcp", p) for p in (1433, 1521, 3306, 5432, 5984, 6379, 9042, 9200, 11211, 27017, 50000)],
                    "database"),
    **dict.fromkeys([("tcp", p) for p in (102, 502, 789, 1911, 2404, 4840, 4911, 5007, 9600, 18245, 20000, 44818)],
                    "control protocol"),
    ("udp", 47808): "control protocol",
}  # fmt: skip
"""What level 0 of `exposed-services` names, by protocol and port."""

CORE_NAMES: dict[str, str] = {
    **dict.fromkeys(("ms-wbt-server", "vnc", "vnc-http", "telnet", "rlogin", "shell"), "remote desktop"),
    **dict.fromkeys(("microsoft-ds", "netbios-ssn", "nfs", "rsync", "afp", "smb"), "file sharing"),
    **dict.fromkeys(("ms-sql-s", "oracle-tns", "mysql", "postgresql", "redis", "mongodb", "mongod", "couchdb",
                     "memcached", "memcache", "cassandra", "elasticsearch", "db2", "ibm-db2"), "database"),
    **dict.fromkeys(("iso-tsap", "mbap", "modbus", "dnp", "dnp3", "EtherNet-IP-2", "EtherNetIP-2", "bacnet",
                     "niagara-fox", "iec-104", "opcua-tcp", "fins"), "control protocol"),
}  # fmt: skip
"""The same by the name that Nmap gives a service, whatever its port."""

MANAGEMENT_PORTS = frozenset({
    *(("tcp", p) for p in (22, 2222, 4443, 5985, 5986, 8006, 8291, 8443, 9090, 9443, 10000, 10443)),
    ("udp", 161), ("udp", 623),
})  # fmt: skip
MANAGEMENT_NAMES = frozenset(
    {"ssh", "wsman", "winrm", "snmp", "asf-rmcp", "ipmi", "winbox", "webmin", "snet-sensor-mgmt"}
)
"""Logins for administrators: SSH, WinRM, IPMI, SNMP, consoles of firewalls and hypervisors."""

MUST_ASK = ((("remote desktop", (3389,)), ("file sharing", (445,)), ("database", (1433, 3306, 5432)),
             ("control protocol", (102, 502))))  # fmt: skip
"""TCP ports that a scan must have tried before it can say that none of the four is reachable."""
