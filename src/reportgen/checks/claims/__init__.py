"""What the sentences of a report claim, understood number by number and held against the tables.

A sentence goes through these modules in turn: ``text`` puts a sign for each numeral, ``phrases``
finds the phrases in it, ``pairing`` says which phrase belongs to which number, ``topics`` whose figure
of which year it is, ``parsing`` makes claims of that. The other modules hold the rules.
"""
