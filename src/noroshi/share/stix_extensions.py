"""Predefined extensions of cyber-observables (STIX 2.1, sections 3.10 and 6), one shape each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from noroshi.share.learning import learned
from noroshi.share.stix_common import ArtifactRef, Dictionary, Flag, Hashes, Hex, Integer, Natural, ScoRefs, Texts, to

__all__ = ["EXTENSIONS"]


class ArchiveExt(msgspec.Struct):
    """Section 6.7.2."""

    contains_refs: ScoRefs
    comment: str = ""


class Stream(msgspec.Struct):
    """An alternate data stream, section 6.7.3."""

    name: str
    hashes: Hashes = {}
    size: Natural = 0


class NtfsExt(msgspec.Struct):
    """Section 6.7.3."""

    sid: str = ""
    alternate_data_streams: Annotated[tuple[Stream, ...], Meta(min_length=1)] = ()


class PdfExt(msgspec.Struct):
    """Section 6.7.4."""

    version: str = ""
    is_optimized: Flag = False
    document_info_dict: Dictionary = {}
    pdfid0: str = ""
    pdfid1: str = ""


class RasterImageExt(msgspec.Struct):
    """Section 6.7.5."""

    image_height: Integer = 0
    image_width: Integer = 0
    bits_per_pixel: Integer = 0
    exif_tags: Dictionary = {}


class PeSection(msgspec.Struct):
    """Section 6.7.6."""

    name: str
    size: Natural = 0
    entropy: float = 0.0
    hashes: Hashes = {}


class PeBinaryExt(msgspec.Struct):
    """Section 6.7.6; `pe_type` is an open vocabulary."""

    pe_type: str
    imphash: str = ""
    machine_hex: Hex = ""
    number_of_sections: Natural = 0
    time_date_stamp: str = ""
    pointer_to_symbol_table_hex: Hex = ""
    number_of_symbols: Natural = 0
    size_of_optional_header: Natural = 0
    characteristics_hex: Hex = ""
    file_header_hashes: Hashes = {}
    optional_header: Dictionary = {}
    sections: Annotated[tuple[PeSection, ...], Meta(min_length=1)] = ()


class HttpRequestExt(msgspec.Struct):
    """Section 6.12.2."""

    request_method: str
    request_value: str
    request_version: str = ""
    request_header: Dictionary = {}
    message_body_length: Integer = 0
    message_body_data_ref: ArtifactRef = ""


class IcmpExt(msgspec.Struct):
    """Section 6.12.3."""

    icmp_type_hex: Hex
    icmp_code_hex: Hex


class SocketExt(msgspec.Struct):
    """Section 6.12.4."""

    address_family: Literal[
        "AF_UNSPEC", "AF_INET", "AF_IPX", "AF_APPLETALK", "AF_NETBIOS", "AF_INET6", "AF_IRDA", "AF_BTH"
    ]
    is_blocking: Flag = False
    is_listening: Flag = False
    options: Annotated[dict[str, int], Meta(min_length=1)] = {}
    socket_type: Literal["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET"] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    socket_descriptor: Natural = 0
    socket_handle: Integer = 0


class TcpExt(msgspec.Struct):
    """Section 6.12.5."""

    src_flags_hex: Hex = ""
    dst_flags_hex: Hex = ""


class WindowsProcessExt(msgspec.Struct):
    """Section 6.13.2."""

    aslr_enabled: Flag = False
    dep_enabled: Flag = False
    priority: str = ""
    owner_sid: str = ""
    window_title: str = ""
    windows_title: str = ""
    startup_info: Dictionary = {}
    integrity_level: Literal["low", "medium", "high", "system"] | msgspec.UnsetType = msgspec.UNSET


class WindowsServiceExt(msgspec.Struct):
    """Section 6.13.3."""

    service_name: str = ""
    descriptions: Texts = ()
    display_name: str = ""
    group_name: str = ""
    start_type: (
        Literal["SERVICE_AUTO_START", "SERVICE_BOOT_START", "SERVICE_DEMAND_START", "SERVICE_DISABLED",
        "SERVICE_SYSTEM_ALERT"] | msgspec.UnsetType
    ) = msgspec.UNSET  # fmt: skip
    service_dll_refs: Annotated[tuple[Annotated[str, to("file")], ...], Meta(min_length=1)] = ()
    service_type: (
        Literal["SERVICE_KERNEL_DRIVER", "SERVICE_FILE_SYSTEM_DRIVER", "SERVICE_WIN32_OWN_PROCESS",
        "SERVICE_WIN32_SHARE_PROCESS"] | msgspec.UnsetType
    ) = msgspec.UNSET  # fmt: skip
    service_status: (
        Literal["SERVICE_CONTINUE_PENDING", "SERVICE_PAUSE_PENDING", "SERVICE_PAUSED", "SERVICE_RUNNING",
        "SERVICE_START_PENDING", "SERVICE_STOP_PENDING", "SERVICE_STOPPED"] | msgspec.UnsetType
    ) = msgspec.UNSET  # fmt: skip


class UnixAccountExt(msgspec.Struct):
    """Section 6.16.2."""

    gid: Integer = 0
    groups: Texts = ()
    home_dir: str = ""
    shell: str = ""


EXTENSIONS: dict[str, dict[str, type[Any]]] = {
    "file": {
        "archive-ext": ArchiveExt, "ntfs-ext": NtfsExt, "pdf-ext": PdfExt, "raster-image-ext": RasterImageExt,
        "windows-pebinary-ext": PeBinaryExt,
    },
    "network-traffic": {
        "http-request-ext": HttpRequestExt, "icmp-ext": IcmpExt, "socket-ext": SocketExt, "tcp-ext": TcpExt,
    },
    "process": {"windows-process-ext": WindowsProcessExt, "windows-service-ext": WindowsServiceExt},
    "user-account": {"unix-account-ext": UnixAccountExt},
}  # fmt: skip
"""Type -> name of a predefined extension -> its shape."""

for _shape in {shape for shapes in EXTENSIONS.values() for shape in shapes.values()}:
    learned(_shape)
