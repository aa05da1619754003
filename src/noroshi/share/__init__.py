"""Who may know what: markings, releasability, STIX reading, the rules of TAXII, matching. Pure; it does no I/O."""
