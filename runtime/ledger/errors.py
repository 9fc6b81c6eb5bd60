"""What can go wrong with the ledger, each as one sentence with the next step."""


class LedgerError(Exception):
    """A problem with the ledger; its text is one sentence for a person, ending with what to do."""


class LedgerUnreachable(LedgerError):
    """The file cannot be opened or the server does not answer."""


class LedgerReadOnly(LedgerError):
    """The ledger can be read but not written."""


class LedgerFull(LedgerError):
    """There is no room left on the disk."""


class LedgerBusy(LedgerError):
    """Something else held the ledger for longer than the patience."""


class LedgerUnreadable(LedgerError):
    """What is there is not a Sayso ledger, or it is damaged."""


class LedgerTooNew(LedgerError):
    """The ledger was written by a newer Sayso."""


class LedgerInUse(LedgerError):
    """Another Sayso runs on this ledger."""


class MigrationFailed(LedgerError):
    """The ledger could not be brought up to date and was left as it was."""
