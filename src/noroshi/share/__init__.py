"""Who may know what: markings, releasability, STIX reading, the rules of TAXII, matching. Pure; it does no I/O.

What to call for what, in the order in which an object passes:

- bytes of an envelope or bundle -> bytes of each object: `reading.split(data)`, a `Parcel` or a `Reason`
- bytes of one object -> checked and read: `validation.read(raw)`, a `Read` (header, value, warnings) or a `Reason`;
  strict JSON alone is `reading.check(raw)`, the header alone `headers.header(value)`
- marking definitions that came along -> what they ask: `markings.definitions(values)`; per source, never shared,
  and added to the source's earlier ones by `markings.joined(known, came)`, so that none is loosened
- own marking of an object: `markings.own_marking(header, known)`; definitions that come later: `markings.explained`
- what containers of the same source pass on: `inheritance.spread(nodes, earlier)` and `inheritance.effective(...)`
- collection's default, then the class to intern: `release.release_class(marking, default)`, `ReleaseClass.key()`
- who sees it: `release.visible(principal, released)`, `release.classes_seen(...)`, `release.ends_visible(...)`

Nothing here raises for what a sender wrote: a `Reason` says what is wrong, `Reason.line(lang)` in words.
"""
