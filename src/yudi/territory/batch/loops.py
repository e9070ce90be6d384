"""The compiled loops of batch screening: look up what clauses come to, and fold it into answers.

Nothing here knows what a clause means. Every row has small numbers (classes) in columns; a table turns some of them
into a key, and the key into the number of an entry that was worked out before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from yudi.core.jit import compiled

__all__ = [
    "EMPTY",
    "Asking",
    "Assumed",
    "Bound",
    "Chunk",
    "Folded",
    "Met",
    "Packed",
    "Pending",
    "Rules",
    "fold",
    "look_up",
    "meet",
    "settle_deferring",
    "strictest_cells",
]

BLOCK = 256  # rows for which a table is looked up at one time
EMPTY = -1  # of a place in the store: never asked; smaller numbers wait to be worked out
Array = Any
Number = Any  # of NumPy


class Packed(NamedTuple):
    """Tables laid out flat: inputs of table t are ``start[t]:start[t + 1]``.

    ``column`` of an input is one of the row, or, as ``~column``, one of the pair; ``maps`` from ``map_start`` give what
    a class adds to the key. A table with ``base >= 0`` has its places side by side in the store, others are hashed.
    """

    start: Array
    column: Array
    map_start: Array
    maps: Array
    base: Array
    store: Array
    dense: int
    hash_table: Array
    hash_key: Array


class Pending(NamedTuple):
    """Keys that nothing was worked out for yet: table, row, pair and place in the store; ``count`` is (pending, hashed)."""

    count: Array
    table: Array
    row: Array
    pair: Array
    place: Array


class Chunk(NamedTuple):
    """The columns of some rows, of which ``first`` and ``unit`` give the pairs of sites and units."""

    rows: Array
    pairs: Array
    first: Array
    unit: Array
    is_touch: Array
    is_whole: Array


class Met(NamedTuple):
    """Of every row the bound clauses that do something: ``items[first[row]:first[row + 1]]``.

    An item is (bound clause, entry, pair), pair -1 for the whole place; clauses of the whole place come first, then
    those of the units in order. An entry below 0 is no more, or waits to be worked out.
    """

    first: Array
    items: Array


class Bound(NamedTuple):
    """Which table each bound clause has (-1: out of force), and where a unit's bound clauses begin; the last is the whole place's."""

    table: Array
    begin: Array
    end: Array
    is_inert: Array


class Asking(NamedTuple):
    """Rows, the clauses bound where they lie, and the tables of these."""

    packed: Packed
    chunk: Chunk
    bound: Bound


class Block(NamedTuple):
    """So many rows from ``begin`` on, for which one table is looked up: room for keys, and for what is found."""

    table: int
    begin: int
    size: int
    keys: Array
    found: Array


@compiled
def _hashed(packed: Packed, table: int, key: Number, count: Array) -> Number:
    """Return the slot of a key, taking a free one where it is new."""
    hash_table, hash_key = packed.hash_table, packed.hash_key
    mask = len(hash_key) - 1
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(table) * np.uint64(0xC2B2AE3D27D4EB4F)
    at = np.int64((mixed >> np.uint64(20)) & np.uint64(mask))
    while hash_table[at] >= 0:
        if hash_table[at] == table and hash_key[at] == key:
            return at
        at = (at + 1) & mask
    hash_table[at] = table
    hash_key[at] = key
    count[1] += 1
    return at


@compiled
def _look_up_block(packed: Packed, rows: Array, pending: Pending, block: Block) -> bool:
    """Write a table's entry for a block of rows into ``found``; tell whether there was room for all that is pending.

    What has to be worked out gets -2 less the number under which it waits.
    """
    table, begin, count, keys, found = block.table, block.begin, block.size, block.keys, block.found
    column, map_start, maps = packed.column, packed.map_start, packed.maps
    keys[:count] = 0
    for at in range(packed.start[table], packed.start[table + 1]):
        values, own = rows[column[at]], map_start[at]
        for row in range(count):
            keys[row] += maps[own + values[begin + row]]
    base, store, dense = packed.base[table], packed.store, packed.dense
    waiting, slots = pending.count, len(packed.hash_key)
    for row in range(count):
        place = base + keys[row]
        if base < 0:
            if 2 * waiting[1] >= slots:
                return False
            place = dense + _hashed(packed, table, keys[row], waiting)
        entry = store[place]
        if entry == EMPTY:
            number = waiting[0]
            if number >= len(pending.table):
                return False
            pending.table[number], pending.row[number] = table, begin + row
            pending.pair[number], pending.place[number] = -1, place
            waiting[0] = number + 1
            entry = -2 - number
            store[place] = entry
        found[row] = entry
    return True


@compiled
def look_up(packed: Packed, rows: Array, pending: Pending, found: Array) -> bool:
    """Write the entry of every table for every row into ``found[table, row]``; tell whether there was room for all.

    Columns are ``rows[column, row]``.
    """
    keys = np.empty(BLOCK, np.int64)
    block = np.empty(BLOCK, np.int32)
    for table in range(len(packed.start) - 1):
        for begin in range(0, found.shape[1], BLOCK):
            count = min(BLOCK, found.shape[1] - begin)
            if not _look_up_block(packed, rows, pending, Block(table, begin, count, keys, block)):
                return False
            found[table, begin : begin + count] = block[:count]
    return True


@compiled
def meet(asked: Asking, pending: Pending, met: Met) -> bool:
    """Write what every row meets; tell whether there was room for all that is pending."""
    packed, chunk, bound = asked.packed, asked.chunk, asked.bound
    first, items = met.first, met.items
    last = len(bound.begin) - 1
    wide, wide_end = bound.begin[last], bound.end[last]
    keys = np.empty(BLOCK, np.int64)
    found = np.empty((wide_end - wide, BLOCK), np.int32)
    is_inert, count = bound.is_inert, len(first) - 1
    done: Number = 0
    for begin in range(0, count, BLOCK):
        end = min(begin + BLOCK, count)
        for each in range(wide, wide_end):
            table = bound.table[each]
            if table < 0:
                continue
            block = Block(table, begin, end - begin, keys, found[each - wide])
            if not _look_up_block(packed, chunk.rows, pending, block):
                return False
        for row in range(begin, end):
            first[row] = done
            for each in range(wide, wide_end):
                entry = found[each - wide, row - begin]
                if bound.table[each] >= 0 and (entry < 0 or not is_inert[entry]):
                    items[done, 0], items[done, 1], items[done, 2] = each, entry, -1
                    done += 1
            done = _meet_units(asked, pending, items, (row, done))
            if done < 0:
                return False
    first[count] = done
    return True


@compiled
def _meet_units(asked: Asking, pending: Pending, items: Array, at: tuple[Number, Number]) -> Number:
    """Add the clauses of a row's units behind the items that are done; -1 where there is no room for what is pending."""
    packed, chunk, bound = asked.packed, asked.chunk, asked.bound
    row, done = at
    rows, pairs, waiting = chunk.rows, chunk.pairs, pending.count
    start, column, map_start, maps = packed.start, packed.column, packed.map_start, packed.maps
    store = packed.store
    for pair in range(chunk.first[row], chunk.first[row + 1]):
        if chunk.is_touch[pair]:
            continue
        unit = chunk.unit[pair]
        for each in range(bound.begin[unit], bound.end[unit]):
            table = bound.table[each]
            if table < 0:
                continue
            key = np.int64(0)
            for own in range(start[table], start[table + 1]):
                code = rows[column[own], row] if column[own] >= 0 else pairs[~column[own], pair]
                key += maps[map_start[own] + code]
            place = packed.base[table] + key
            if packed.base[table] < 0:
                if 2 * waiting[1] >= len(packed.hash_key):
                    return -1
                place = packed.dense + _hashed(packed, table, key, waiting)
            entry = store[place]
            if entry == EMPTY:
                number = waiting[0]
                if number >= len(pending.table):
                    return -1
                pending.table[number], pending.row[number] = table, row
                pending.pair[number], pending.place[number] = pair, place
                waiting[0] = number + 1
                entry = -2 - number
                store[place] = entry
            if entry < 0 or not bound.is_inert[entry]:
                items[done, 0], items[done, 1], items[done, 2] = each, entry, pair
                done += 1
    return done


class Rules(NamedTuple):
    """What folding needs of entries and bound clauses; needs of entry e are ``need[need_start[e]:need_start[e + 1]]``.

    A need is a number of a name, or ``~pattern``, whose name hangs on the bound clause: ``filled[bound, pattern]``.
    ``rank`` orders the clauses of one edition and cell; bound clauses of one ``slot`` are one entry of the answer.
    """

    cell: Array
    outcomes: Array
    need_start: Array
    need: Array
    filled: Array
    edition: Array
    rank: Array
    slot: Array
    is_shared_slot: Array
    defers: Array
    is_unverified: Array


class Assumed(NamedTuple):
    """Which text says what is assumed of a need: ``base[edition, need]``, moved on by the row's column if there is one.

    ``column`` is -2 where nothing is ever assumed, -1 where always the same is; ``rows`` holds 0 for nothing.
    """

    column: Array
    base: Array
    rows: Array
    rank: Array


class Folded(NamedTuple):
    """Answers: the strictest cell, the outcomes that are possible as bits, and five lists of a row each.

    ``is_covered`` is given. Lists are applied, open and unverified (bound clauses), needs, and texts of what is assumed.
    """

    is_covered: Array
    strictest: Array
    possible: Array
    end: Array
    values: Array


class Desk(NamedTuple):
    """Room to fold one row: needs seen and listed (by the row that did last), needs asked, entries in order.

    ``spot`` is the row at hand, and how many entries it has.
    """

    seen: Array
    listed: Array
    asked: Array
    order: Array
    chosen: Array
    spot: Array


@compiled
def settle_deferring(chunk: Chunk, rules: Rules, met: Met, is_open: Array) -> None:
    """Take off the clauses that leave the answer to other units where one other unit holds all that the unit does.

    Where it takes geometry to say so the row is marked in ``is_open``.
    """
    first, items = met.first, met.items
    for row in range(len(first) - 1):
        is_any = False
        for at in range(first[row], first[row + 1]):
            if items[at, 2] >= 0 and rules.defers[items[at, 0]] and rules.cell[items[at, 1]] > 0:
                is_any = True
        if is_any and _defer(chunk, rules, met, row):
            is_open[row] = True


@compiled
def _defer(chunk: Chunk, rules: Rules, met: Met, row: int) -> bool:
    """Take off the clauses of one row; tell whether that takes geometry."""
    first, items = met.first, met.items
    low, high = chunk.first[row], chunk.first[row + 1]
    is_deferring = np.zeros(high - low, np.bool_)
    for at in range(first[row], first[row + 1]):
        if items[at, 2] >= 0 and rules.defers[items[at, 0]] and rules.cell[items[at, 1]] > 0:
            is_deferring[items[at, 2] - low] = True
    count, is_whole = 0, True
    for pair in range(low, high):
        if not chunk.is_touch[pair] and not is_deferring[pair - low]:
            count += 1
            is_whole = is_whole and chunk.is_whole[pair]
    if count == 0:
        return False
    is_open = False
    for at in range(first[row], first[row + 1]):
        pair = items[at, 2]
        if pair >= 0 and rules.defers[items[at, 0]] and rules.cell[items[at, 1]] > 0:
            if count == 1 and is_whole and chunk.is_whole[pair]:
                items[at, 1] = -1
            else:
                is_open = True
    return is_open


@compiled
def strictest_cells(rules: Rules, met: Met, found: Array) -> None:
    """Raise the strictest cell of every row to that of its clauses."""
    first, items = met.first, met.items
    for row in range(len(found)):
        for at in range(first[row], first[row + 1]):
            if items[at, 1] >= 0:
                found[row] = max(found[row], rules.cell[items[at, 1]])


@compiled
def fold(rules: Rules, assumed: Assumed, met: Met, out: Folded) -> None:
    """Fold the clauses of every row into its answer."""
    first, items = met.first, met.items
    longest, names = 0, len(assumed.rank)
    for row in range(len(out.is_covered)):
        longest = max(longest, first[row + 1] - first[row])
    order, chosen = np.empty(longest, np.int64), np.empty(longest, np.int64)
    seen, listed = np.full(names, -1, np.int64), np.full(names, -1, np.int64)
    desk = Desk(seen, listed, np.empty(names, np.int64), order, chosen, np.zeros(2, np.int64))
    for row in range(len(out.is_covered)):
        strictest, least, mask = 0, 0, 0 if out.is_covered[row] else 7
        chosen_count = asked_count = 0
        for at in range(first[row], first[row + 1]):
            entry = items[at, 1]
            if entry < 0:
                continue
            cell, outcomes = rules.cell[entry], rules.outcomes[entry]
            strictest = max(strictest, cell)
            mask |= outcomes
            least = max(least, 0 if outcomes & 1 else 1 if outcomes & 2 else 2)
            if 3 <= cell <= 5:
                asked_count = _ask(rules, items[at], desk, (row, asked_count))
            if cell >= 3:
                chosen_count = _choose(rules, items, desk, (at, chosen_count))
        out.strictest[row] = strictest
        out.possible[row] = ((mask >> least) << least) | (1 << least)
        _sort(order, chosen, chosen_count)
        desk.spot[0], desk.spot[1] = row, chosen_count
        _list(rules, met, desk, out)
        _assume(assumed, desk, out, (row, asked_count))


@compiled
def _need(rules: Rules, bound: int, at: int) -> Number:
    need = rules.need[at]
    return need if need >= 0 else rules.filled[bound, ~need]


@compiled
def _ask(rules: Rules, item: Array, desk: Desk, at: tuple[Number, Number]) -> Number:
    row, count = at
    for place in range(rules.need_start[item[1]], rules.need_start[item[1] + 1]):
        need = _need(rules, item[0], place)
        if desk.seen[need] != row:
            desk.seen[need] = row
            desk.asked[count] = need
            count += 1
    return count


@compiled
def _choose(rules: Rules, items: Array, desk: Desk, spot: tuple[Number, Number]) -> Number:
    """Put a clause among the row's entries; of one that stands there under the same id the first strictest stays."""
    at, count = spot
    bound, cell = items[at, 0], rules.cell[items[at, 1]]
    place = count
    if rules.is_shared_slot[bound]:
        for other in range(count):
            if rules.slot[items[desk.chosen[other], 0]] == rules.slot[bound]:
                if cell <= rules.cell[items[desk.chosen[other], 1]]:
                    return count
                place = other
    # Entries are listed by edition, then the strictest cell first, then in the order of their clauses.
    desk.order[place] = (rules.edition[bound] << 44) | ((6 - cell) << 36) | rules.rank[bound]
    desk.chosen[place] = at
    return max(count, place + 1)


@compiled
def _sort(order: Array, chosen: Array, count: int) -> None:
    for at in range(1, count):
        key, moved, before = order[at], chosen[at], at
        while before > 0 and order[before - 1] > key:
            order[before], chosen[before] = order[before - 1], chosen[before - 1]
            before -= 1
        order[before], chosen[before] = key, moved


@compiled
def _list(rules: Rules, met: Met, desk: Desk, out: Folded) -> None:
    items, row, count = met.items, desk.spot[0], desk.spot[1]
    applied, opened, unverified, needs = out.end[0, row], out.end[1, row], out.end[2, row], out.end[3, row]
    for at in desk.chosen[:count]:
        bound, entry = items[at, 0], items[at, 1]
        cell = rules.cell[entry]
        if rules.is_unverified[bound]:
            out.values[2, unverified] = bound
            unverified += 1
        if cell == 4 or cell == 6:
            out.values[0, applied] = bound
            applied += 1
            continue
        out.values[1, opened] = bound
        opened += 1
        for place in range(rules.need_start[entry], rules.need_start[entry + 1]):
            need = _need(rules, bound, place)
            if desk.listed[need] != row:
                desk.listed[need] = row
                out.values[3, needs] = need
                needs += 1
    out.end[0, row + 1], out.end[1, row + 1], out.end[2, row + 1] = applied, opened, unverified
    out.end[3, row + 1] = needs


@compiled
def _assume(assumed: Assumed, desk: Desk, out: Folded, spot: tuple[Number, Number]) -> None:
    """List what is assumed of the needs, in order of their names; of several editions the last one's stands."""
    row, count = spot
    begin = done = out.end[4, row]
    for number in range(count):
        need = desk.asked[number]
        for edition in range(len(assumed.column) - 1, -1, -1):
            column = assumed.column[edition, need]
            if column == -2:
                continue
            text = assumed.base[edition, need]
            if column >= 0:
                code = assumed.rows[row, column]
                if code == 0:
                    continue
                text += code - 1
            place = done
            while place > begin and assumed.rank[need] < out.values[5, place - 1]:
                out.values[4, place], out.values[5, place] = out.values[4, place - 1], out.values[5, place - 1]
                place -= 1
            out.values[4, place], out.values[5, place] = text, assumed.rank[need]
            done += 1
            break
    out.end[4, row + 1] = done
