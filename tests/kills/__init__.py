"""The kill test: a newspaper is crawled, the crawl is killed and begun again, and then log and archive are compared.

    plan.py     which moments and what dies, as a function of a seed
    ground.py   the servers, ledger and store of a trial
    witness.py  what was whole in the spool when the blow fell, and what is committed in the end, by a reader of its own
    trial.py    one trial from its seed to its verdict
    judge.py    what must be true in the end; each failing is a sentence

`tests/test_kills.py` runs fixed seeds, `scripts/bench kill` as many as are asked for.
"""
