"""What the sentences of a report claim, understood number by number and held against the tables.

The words stand in ``lexicon.yaml``. A sentence goes through these modules in turn: ``tokens`` makes signs of
its numerals and words, ``grammar`` says which phrase belongs to which number, ``scope`` whose figure of which
year it is, and of what; ``compare`` holds it against the tables. ``sums`` and ``rates`` hold numbers against
each other.
"""
