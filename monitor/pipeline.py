"""The whole decision on one page: what a batch means, and what must be done.

    load what may be known → decide → keep all of it in one transaction → swap → acknowledge

`decide` awaits nothing, logs nothing and mutates nothing that it is given: after a rollback the
same batch is decided again from the old memory, with the same ids.
"""
