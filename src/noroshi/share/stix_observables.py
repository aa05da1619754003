"""Cyber-observable objects of STIX 2.1 (section 6), one shape each."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from noroshi.share.stix_common import (
    ArtifactRef,
    Dictionary,
    Flag,
    Hashes,
    Hex,
    Integer,
    Natural,
    Observable,
    ScoRefs,
    Texts,
    UserRef,
    to,
)

__all__ = ["OBSERVABLES"]

Port = Annotated[int, Meta(ge=0, le=65535)]


class Artifact(Observable, kw_only=True, gc=False):
    """Section 6.1."""

    mime_type: str = ""
    payload_bin: str = ""
    url: str = ""
    hashes: Hashes = {}
    encryption_algorithm: Literal["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    decryption_key: str = ""


class AutonomousSystem(Observable, kw_only=True, gc=False):
    """Section 6.2."""

    number: Integer
    name: str = ""
    rir: str = ""


class Directory(Observable, kw_only=True, gc=False):
    """Section 6.3."""

    path: str
    path_enc: str = ""
    ctime: str = ""
    mtime: str = ""
    atime: str = ""
    contains_refs: Annotated[tuple[Annotated[str, to("directory", "file")], ...], Meta(min_length=1)] = ()


class DomainName(Observable, kw_only=True, gc=False):
    """Section 6.4."""

    value: Annotated[str, Meta(min_length=1)]
    resolves_to_refs: Annotated[
        tuple[Annotated[str, to("domain-name", "ipv4-addr", "ipv6-addr")], ...], Meta(min_length=1)
    ] = ()


class EmailAddress(Observable, kw_only=True, gc=False):
    """Section 6.5."""

    value: Annotated[str, Meta(min_length=1)]
    display_name: str = ""
    belongs_to_ref: UserRef = ""


class MimePart(msgspec.Struct, gc=False):
    """Section 6.6.2."""

    body: str | msgspec.UnsetType = msgspec.UNSET
    body_raw_ref: Annotated[str, to("artifact", "file")] | msgspec.UnsetType = msgspec.UNSET
    content_type: str = ""
    content_disposition: str = ""


class EmailMessage(Observable, kw_only=True, gc=False):
    """Section 6.6."""

    is_multipart: Flag
    date: str = ""
    content_type: str = ""
    from_ref: Annotated[str, to("email-addr")] = ""
    sender_ref: Annotated[str, to("email-addr")] = ""
    to_refs: Annotated[tuple[Annotated[str, to("email-addr")], ...], Meta(min_length=1)] = ()
    cc_refs: Annotated[tuple[Annotated[str, to("email-addr")], ...], Meta(min_length=1)] = ()
    bcc_refs: Annotated[tuple[Annotated[str, to("email-addr")], ...], Meta(min_length=1)] = ()
    message_id: str = ""
    subject: str = ""
    received_lines: Texts = ()
    additional_header_fields: Dictionary = {}
    body: str = ""
    body_multipart: Annotated[tuple[MimePart, ...], Meta(min_length=1)] = ()
    raw_email_ref: ArtifactRef = ""


class File(Observable, kw_only=True, gc=False):
    """Section 6.7."""

    hashes: Hashes = {}
    size: Natural = 0
    name: str = ""
    name_enc: str = ""
    magic_number_hex: Hex = ""
    mime_type: str = ""
    ctime: str = ""
    mtime: str = ""
    atime: str = ""
    parent_directory_ref: Annotated[str, to("directory")] = ""
    contains_refs: ScoRefs = ()
    content_ref: ArtifactRef = ""


class Address(Observable, kw_only=True, gc=False):
    """Sections 6.8 and 6.9: IPv4 and IPv6."""

    value: str
    resolves_to_refs: Annotated[tuple[Annotated[str, to("mac-addr")], ...], Meta(min_length=1)] = ()
    belongs_to_refs: Annotated[tuple[Annotated[str, to("autonomous-system")], ...], Meta(min_length=1)] = ()


class MacAddress(Observable, kw_only=True, gc=False):
    """Section 6.10: lower case, colons, leading zeros."""

    value: Annotated[str, Meta(pattern=r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\Z")]


class Mutex(Observable, kw_only=True, gc=False):
    """Section 6.11."""

    name: str


class NetworkTraffic(Observable, kw_only=True, gc=False):
    """Section 6.12."""

    protocols: Texts
    start: str = ""
    end: str = ""
    is_active: Flag = False
    src_ref: Annotated[str, to("domain-name", "ipv4-addr", "ipv6-addr", "mac-addr")] = ""
    dst_ref: Annotated[str, to("domain-name", "ipv4-addr", "ipv6-addr", "mac-addr")] = ""
    src_port: Port = 0
    dst_port: Port = 0
    src_byte_count: Natural = 0
    dst_byte_count: Natural = 0
    src_packets: Natural = 0
    dst_packets: Natural = 0
    ipfix: Dictionary = {}
    src_payload_ref: ArtifactRef = ""
    dst_payload_ref: ArtifactRef = ""
    encapsulates_refs: Annotated[tuple[Annotated[str, to("network-traffic")], ...], Meta(min_length=1)] = ()
    encapsulated_by_ref: Annotated[str, to("network-traffic")] = ""


class Process(Observable, kw_only=True, gc=False):
    """Section 6.13."""

    is_hidden: Flag = False
    pid: Integer = 0
    created_time: str = ""
    cwd: str = ""
    command_line: str = ""
    environment_variables: Dictionary = {}
    opened_connection_refs: Annotated[tuple[Annotated[str, to("network-traffic")], ...], Meta(min_length=1)] = ()
    creator_user_ref: UserRef = ""
    image_ref: Annotated[str, to("file")] = ""
    parent_ref: Annotated[str, to("process")] = ""
    child_refs: Annotated[tuple[Annotated[str, to("process")], ...], Meta(min_length=1)] = ()


class Software(Observable, kw_only=True, gc=False):
    """Section 6.14."""

    name: str
    cpe: str = ""
    swid: str = ""
    languages: Texts = ()
    vendor: str = ""
    version: str = ""


class Url(Observable, kw_only=True, gc=False):
    """Section 6.15."""

    value: Annotated[str, Meta(min_length=1)]


class UserAccount(Observable, kw_only=True, gc=False):
    """Section 6.16."""

    user_id: str = ""
    credential: str = ""
    account_login: str = ""
    account_type: str = ""
    display_name: str = ""
    is_service_account: Flag = False
    is_privileged: Flag = False
    can_escalate_privs: Flag = False
    is_disabled: Flag = False
    account_created: str = ""
    account_expires: str = ""
    credential_last_changed: str = ""
    account_first_login: str = ""
    account_last_login: str = ""


class RegistryValue(msgspec.Struct, gc=False):
    """Section 6.17.2."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    data: str | msgspec.UnsetType = msgspec.UNSET
    data_type: (
        Literal[
            "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN",
            "REG_DWORD_LITTLE_ENDIAN", "REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST",
            "REG_FULL_RESOURCE_DESCRIPTION", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD", "REG_INVALID_TYPE",
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET  # fmt: skip


class WindowsRegistryKey(Observable, kw_only=True, gc=False):
    """Section 6.17."""

    key: str = ""
    values: Annotated[tuple[RegistryValue, ...], Meta(min_length=1)] = ()
    modified_time: str = ""
    creator_user_ref: UserRef = ""
    number_of_subkeys: Integer = 0


class X509Certificate(Observable, kw_only=True, gc=False):
    """Section 6.18."""

    is_self_signed: Flag = False
    hashes: Hashes = {}
    version: str = ""
    serial_number: str = ""
    signature_algorithm: str = ""
    issuer: str = ""
    validity_not_before: str = ""
    validity_not_after: str = ""
    subject: str = ""
    subject_public_key_algorithm: str = ""
    subject_public_key_modulus: str = ""
    subject_public_key_exponent: Integer = 0
    x509_v3_extensions: Dictionary = {}


OBSERVABLES: dict[str, type[Observable]] = {
    "artifact": Artifact,
    "autonomous-system": AutonomousSystem,
    "directory": Directory,
    "domain-name": DomainName,
    "email-addr": EmailAddress,
    "email-message": EmailMessage,
    "file": File,
    "ipv4-addr": Address,
    "ipv6-addr": Address,
    "mac-addr": MacAddress,
    "mutex": Mutex,
    "network-traffic": NetworkTraffic,
    "process": Process,
    "software": Software,
    "url": Url,
    "user-account": UserAccount,
    "windows-registry-key": WindowsRegistryKey,
    "x509-certificate": X509Certificate,
}
"""Type -> shape of the cyber-observable objects."""
