"""What markings ask of a reader, in words: TLP 2.0 and PAP as FIRST and MISP define them."""

from __future__ import annotations

from noroshi.share.markings import Pap, Tlp

__all__ = ["meaning"]

TLP: dict[Tlp, tuple[str, str]] = {
    Tlp.CLEAR: ("TLP:CLEAR: may be passed on to anybody.", "TLP:CLEAR: 誰に伝えてもよい。"),
    Tlp.GREEN: ("TLP:GREEN: within the community, not in public.", "TLP:GREEN: コミュニティ内に限る。公開しない。"),
    Tlp.AMBER: ("TLP:AMBER: within the organisation and to its clients, as far as they need to know.",
                "TLP:AMBER: 組織内と、知る必要のある顧客に限る。"),
    Tlp.AMBER_STRICT: ("TLP:AMBER+STRICT: within the organisation alone.", "TLP:AMBER+STRICT: 組織内に限る。"),
    Tlp.RED: ("TLP:RED: for those it was given to, nobody else.", "TLP:RED: 受け取った本人に限る。"),
}  # fmt: skip
PAP: dict[Pap, tuple[str, str]] = {
    Pap.CLEAR: ("PAP:CLEAR: any action is allowed.", "PAP:CLEAR: どの行動も許される。"),
    Pap.GREEN: ("PAP:GREEN: active measures such as blocking are allowed.",
                "PAP:GREEN: 遮断などの能動的な対処も許される。"),
    Pap.AMBER: ("PAP:AMBER: passive checks only: nothing that the adversary could notice.",
                "PAP:AMBER: 攻撃者に気付かれない受動的な確認に限る。"),
    Pap.RED: ("PAP:RED: only work that cannot be seen from outside, on own systems.",
              "PAP:RED: 外部から見えない自組織内の作業に限る。"),
}  # fmt: skip
COMMUNITY = ("For members of {names}.", "{names}の構成員に限る。")


def meaning(tlp: Tlp, pap: Pap | None, communities: tuple[str, ...] | None, lang: str) -> list[str]:
    """Return what is asked of a reader, a sentence each."""
    japanese = int(lang == "ja")
    said = [TLP[tlp][japanese]]
    if pap is not None:
        said.append(PAP[pap][japanese])
    if communities:
        said.append(COMMUNITY[japanese].format(names=", ".join(communities)))
    return said
