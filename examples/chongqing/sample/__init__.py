"""How the sample edition "Chongqing, illustrative" is made: borders, units, waters, zones and lists from one seed."""
